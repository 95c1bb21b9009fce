using System.Buffers;
using System.Collections.Frozen;

namespace CodeParrot.Corpus.Secrets;

/// <summary>
/// Finds e-mail addresses. Those that nobody reads stay: example domains (RFC 2606), <c>git@</c> and <c>noreply@</c>.
/// </summary>
internal sealed class EmailDetector : ISecretDetector
{
    private const int MostLocal = 64;

    private static readonly SearchValues<char> UrlEnds = SearchValues.Create(" \t\n\r'\"<>()");

    // Country codes without those that end files or attributes (py, md, so, sh, rs), and the common others.
    private static readonly FrozenSet<string> TopDomains = (
        "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw "
        + "by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et "
        + "eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie "
        + "il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv "
        + "ly ma mc me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu "
        + "nz om pa pe pf pg ph pk pl pm pn pr ps pt pw qa re ro ru rw sa sb sc sd se sg si sk sl sm sn sr ss "
        + "st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi "
        + "vn vu wf ws ye yt za zm zw com org net edu gov mil int info biz name pro dev app cloud email tech "
        + "online site xyz club page blog live news space website global systems solutions software company "
        + "group team work world today life digital studio agency network services consulting media design arpa "
        + "asia cat coop jobs mobi museum post tel travel"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Below the last two stand names of algorithms, as in aes256-gcm@openssh.com.
    private static readonly string[] NobodysDomains =
    [
        "example.com",
        "example.org",
        "example.net",
        "example.edu",
        "openssh.com",
        "libssh.org",
    ];
    private static readonly string[] Nobodys = ["git", "noreply", "no-reply", "donotreply"];

    public void Find(ReadOnlySpan<char> text, List<Secret> found)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var step = text[at..].IndexOf('@');
            if (step < 0)
                return;
            at += step;
            var start = StartOf(text, at);
            var end = EndOf(text, at);
            if (start == at || end == at + 1 || !IsAddress(text, start, at, end))
                continue;
            // A second host would make an address of what takes the place of the first.
            while (TextContext.At(text, end) == '@' && EndOf(text, end) > end + 1)
                end = EndOf(text, end);
            found.Add(new Secret(start, end - start, SecretKind.Email));
            at = end - 1;
        }
    }

    private static int StartOf(ReadOnlySpan<char> text, int at)
    {
        var start = at;
        while (start > 0 && at - start < MostLocal && IsLocal(text[start - 1]))
            start--;
        while (start < at && !TextContext.IsWord(text[start]))
            start++;
        return start;
    }

    private static int EndOf(ReadOnlySpan<char> text, int at)
    {
        var end = at + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '-'))
            end++;
        while (end > at + 1 && text[end - 1] is '.' or '-')
            end--;
        return end;
    }

    private static bool IsAddress(ReadOnlySpan<char> text, int start, int at, int end)
    {
        var local = text[start..at];
        var domain = text[(at + 1)..end];
        var dot = domain.LastIndexOf('.');
        if (
            dot <= 0
            || text[at - 1] == '.'
            || domain[0] is '.' or '-'
            || domain.Contains("..", StringComparison.Ordinal)
        )
            return false;
        var top = TopDomains.GetAlternateLookup<ReadOnlySpan<char>>();
        var second = domain[(domain[..dot].LastIndexOf('.') + 1)..dot];
        return top.Contains(domain[(dot + 1)..])
            && second.ContainsAnyInRange('A', 'z')
            && TextContext.At(text, end) is not ('(' or '[' or '_')
            && !IsNobodys(local, domain)
            && !IsInUrl(text, start);
    }

    private static bool IsNobodys(ReadOnlySpan<char> local, ReadOnlySpan<char> domain)
    {
        foreach (var name in Nobodys)
        {
            if (local.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        foreach (var name in NobodysDomains)
        {
            if (
                domain.EndsWith(name, StringComparison.OrdinalIgnoreCase)
                && (domain.Length == name.Length || domain[^(name.Length + 1)] == '.')
            )
                return true;
        }
        return false;
    }

    // What stands between :// and a host is who logs in there.
    private static bool IsInUrl(ReadOnlySpan<char> text, int start)
    {
        var before = text[Math.Max(0, start - MostLocal)..start];
        var token = before[(before.LastIndexOfAny(UrlEnds) + 1)..];
        var scheme = token.LastIndexOf("://", StringComparison.Ordinal);
        return scheme >= 0 && !token[(scheme + 3)..].ContainsAny('/', '?');
    }

    private static bool IsLocal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '%' or '+' or '-';
}
