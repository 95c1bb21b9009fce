namespace CodeParrot.Corpus.Secrets;

/// <summary>The form of one service's keys.</summary>
/// <param name="Prefix">What they begin with.</param>
/// <param name="Signs">Characters besides letters and digits in what follows.</param>
/// <param name="Least">Least characters of what follows.</param>
/// <param name="Most">Most characters of what follows.</param>
/// <param name="Parts">Pieces of what follows that dots separate; 1 where dots mean nothing.</param>
/// <param name="IsHex">True where what follows is of hexadecimal digits only.</param>
/// <param name="KeepsPrefix">True where the prefix is no part of the secret.</param>
internal sealed record KeyFormat(
    string Prefix,
    string Signs,
    int Least,
    int Most,
    int Parts = 1,
    bool IsHex = false,
    bool KeepsPrefix = false
)
{
    /// <summary>Gets the formats that are looked for.</summary>
    public static IReadOnlyList<KeyFormat> All { get; } =
    [
        new("AKIA", "", 16, 16),
        new("ASIA", "", 16, 16),
        new("ghp_", "", 36, 251),
        new("gho_", "", 36, 251),
        new("ghu_", "", 36, 251),
        new("ghs_", "", 36, 251),
        new("ghr_", "", 36, 251),
        new("github_pat_", "_", 60, 100),
        new("glpat-", "_-", 20, 64),
        new("xoxb-", "-", 20, 200),
        new("xoxp-", "-", 20, 200),
        new("xoxa-", "-", 20, 200),
        new("xoxr-", "-", 20, 200),
        new("xoxs-", "-", 20, 200),
        new("xapp-", "-", 20, 200),
        new("hooks.slack.com/services/", "/", 30, 80, KeepsPrefix: true),
        new("sk_live_", "", 16, 128),
        new("sk_test_", "", 16, 128),
        new("rk_live_", "", 16, 128),
        new("rk_test_", "", 16, 128),
        new("AIza", "_-", 35, 35),
        new("GOCSPX-", "_-", 28, 28),
        new("ya29.", "_-", 20, 512),
        new("SG.", "_-", 66, 66, Parts: 2),
        new("npm_", "", 36, 36),
        new("pypi-AgE", "_-", 50, 512),
        new("hf_", "", 34, 40),
        new("sk-ant-", "_-", 32, 256),
        new("sk-proj-", "_-", 32, 256),
        new("sk-", "", 48, 48),
        new("eyJ", "_-", 40, 8192, Parts: 3),
        new("dop_v1_", "", 64, 64, IsHex: true),
        new("shpat_", "", 32, 32, IsHex: true),
        new("shpss_", "", 32, 32, IsHex: true),
        new("shpca_", "", 32, 32, IsHex: true),
        new("sq0atp-", "_-", 22, 22),
        new("sq0csp-", "_-", 43, 43),
        new("key-", "", 32, 32, IsHex: true),
        new("SK", "", 32, 32, IsHex: true),
        new("AccountKey=", "+/=", 86, 90, KeepsPrefix: true),
    ];
}
