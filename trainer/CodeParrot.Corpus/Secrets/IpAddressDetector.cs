using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace CodeParrot.Corpus.Secrets;

/// <summary>
/// Finds public IP addresses of hosts. Private, local, multicast and example addresses stay, those of networks too
/// (a last part of 0 or 255), public name servers, and what looks like a version.
/// </summary>
internal sealed class IpAddressDetector : ISecretDetector
{
    private static readonly SearchValues<char> Ip6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    private static readonly HashSet<string> NameServers = new(StringComparer.Ordinal)
    {
        "8.8.8.8",
        "8.8.4.4",
        "1.1.1.1",
        "1.0.0.1",
        "9.9.9.9",
        "149.112.112.112",
        "208.67.222.222",
        "208.67.220.220",
        "4.2.2.1",
        "4.2.2.2",
        "64.6.64.6",
        "77.88.8.8",
        "94.140.14.14",
        "2001:4860:4860::8888",
        "2001:4860:4860::8844",
        "2606:4700:4700::1111",
        "2606:4700:4700::1001",
        "2620:fe::fe",
    };

    private static readonly string[] Versions = ["version", "release", "build", "oid", "section", "rfc"];
    private static readonly string[] Hosts = ["dns", "server", "host"];

    public void Find(ReadOnlySpan<char> text, List<Secret> found)
    {
        var before = found.Count;
        FindIp4(text, found);
        FindIp6(text, found);
        found.Sort(before, found.Count - before, Comparer<Secret>.Create((one, other) => one.Start - other.Start));
    }

    private static void FindIp4(ReadOnlySpan<char> text, List<Secret> found)
    {
        Span<int> parts = stackalloc int[4];
        for (var start = 0; start < text.Length; )
        {
            var step = text[start..].IndexOfAnyInRange('0', '9');
            if (step < 0)
                return;
            start += step;
            var end = start;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
                end++;
            var run = text[start..end];
            var dots = run.EndsWith(".") ? 1 : 0;
            if (
                TryParse(run[..^dots], parts)
                && !TextContext.IsWord(TextContext.Before(text, start))
                && TextContext.Before(text, start) is not ('.' or '-' or '+')
                && !TextContext.IsWord(TextContext.At(text, end))
                && TextContext.At(text, end) is not ('+' or '-')
                && IsHost(parts)
                && !IsVersion(text, start, end - dots)
                && !NameServers.Contains(run[..^dots].ToString())
            )
                found.Add(new Secret(start, end - dots - start, SecretKind.IpAddress));
            start = end;
        }
    }

    private static bool TryParse(ReadOnlySpan<char> run, Span<int> parts)
    {
        if (run.Length is < 7 or > 15)
            return false;
        var index = 0;
        foreach (var range in run.Split('.'))
        {
            var part = run[range];
            if (index == 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0'))
                return false;
            parts[index] = int.Parse(part, System.Globalization.CultureInfo.InvariantCulture);
            if (parts[index++] > 255)
                return false;
        }
        return index == 4;
    }

    private static bool IsHost(ReadOnlySpan<int> parts) =>
        (parts[0], parts[1], parts[2]) switch
        {
            (0 or 10 or 127 or >= 224, _, _) => false,
            // The roots of object identifiers: X.500, ISO members and organisations, and countries.
            (1, 2 or 3, _) or (2, 5 or 16, _) => false,
            (172, >= 16 and <= 31, _) or (192, 168, _) or (169, 254, _) or (100, >= 64 and <= 127, _) => false,
            (192, 0, 0 or 2) or (198, 51, 100) or (203, 0, 113) or (198, 18 or 19, _) => false,
            _ => parts[3] is not (0 or 255),
        };

    private static bool IsVersion(ReadOnlySpan<char> text, int start, int end)
    {
        // As in Chrome/91.0.4472.124.
        if (start > 1 && text[start - 1] == '/' && TextContext.IsWord(text[start - 2]))
            return true;
        var line = TextContext.LineAround(text, start);
        if (TextContext.HasAny(line, Versions))
            return true;
        return end - start == 7 && !TextContext.HasAny(line, Hosts);
    }

    private static void FindIp6(ReadOnlySpan<char> text, List<Secret> found)
    {
        for (var at = 0; at < text.Length; )
        {
            var step = text[at..].IndexOf(':');
            if (step < 0)
                return;
            at += step;
            var start = at;
            while (start > 0 && Ip6Characters.Contains(text[start - 1]))
                start--;
            var length = text[start..].IndexOfAnyExcept(Ip6Characters);
            var end = length < 0 ? text.Length : start + length;
            at = Math.Max(at + 1, end);
            if (end - start is < 8 or > 39 || text[start..end].Count(':') < 2)
                continue;
            if (
                !TextContext.IsWord(TextContext.Before(text, start))
                && !TextContext.IsWord(TextContext.At(text, end))
                && IPAddress.TryParse(text[start..end], out var address)
                && IsHost(address)
            )
                found.Add(new Secret(start, end - start, SecretKind.IpAddress));
        }
    }

    // Addresses of hosts are in 2000::/3; 2001:db8::/32 is for examples.
    private static bool IsHost(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return (bytes[0] & 0xE0) == 0x20
            && !bytes.StartsWith<byte>([0x20, 0x01, 0x0D, 0xB8])
            && bytes[8..].ContainsAnyExcept((byte)0)
            && !NameServers.Contains(address.ToString());
    }
}
