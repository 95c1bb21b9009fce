nice -n -10 dotnet build "$@" -v q --nologo -nodeReuse:false 2>&1 | grep -E "error|warn" | sed 's/\[.*//' | sort -u | head -40
