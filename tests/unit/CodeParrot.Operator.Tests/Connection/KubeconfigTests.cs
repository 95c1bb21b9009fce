using CodeParrot.Operator.Connection;
using k8s.Exceptions;

namespace CodeParrot.Operator.Tests.Connection;

public sealed class KubeconfigTests : IDisposable
{
    private const string Text = """
        apiVersion: v1
        kind: Config
        current-context: there
        preferences: { colors: true }
        contexts:
          - { name: here, context: { cluster: c, user: ada } }
          - { name: there, context: { cluster: d, user: ben, namespace: research } }
        clusters:
          - { name: c, cluster: { server: "https://c.example.com" } }
          - name: d
            cluster: { server: "https://d.example.com:6443", insecure-skip-tls-verify: true, tls-server-name: api }
        users:
          - { name: ada, user: { username: ada, password: secret } }
          - { name: ben, user: { token: bens } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-kubeconfig-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    [Fact]
    public void The_current_context_says_where_and_who()
    {
        var found = Kubeconfig.Find(Write("config", Text), Environment);

        Assert.Equal("https://d.example.com:6443", found.Host);
        Assert.Equal("bens", found.AccessToken);
        Assert.True(found.SkipTlsVerify);
        Assert.Equal("api", found.TlsServerName);
    }

    [Fact]
    public void A_named_file_wins_over_the_variable_and_that_over_the_home_folder()
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".kube"));
        Write(".kube/config", Text.Replace("d.example.com", "home.example.com", StringComparison.Ordinal));
        _environment["HOME"] = _folder;
        var home = Kubeconfig.Find("", Environment).Host;
        _environment["KUBECONFIG"] = Write(
            "other",
            Text.Replace("d.example", "variable.example", StringComparison.Ordinal)
        );
        var variable = Kubeconfig.Find("", Environment).Host;
        var named = Kubeconfig.Find(Write("named", Text), Environment).Host;

        Assert.Equal("https://home.example.com:6443", home);
        Assert.Equal("https://variable.example.com:6443", variable);
        Assert.Equal("https://d.example.com:6443", named);
    }

    [Fact]
    public void Files_are_meant_beside_the_kubeconfig()
    {
        Write("ben.token", "from-a-file");
        var path = Write(
            "config",
            Text.Replace("token: bens", "client-certificate: ben.crt, client-key: ben.key", StringComparison.Ordinal)
        );

        var found = Kubeconfig.Find(path, Environment);

        Assert.Equal(Path.Combine(_folder, "ben.crt"), found.ClientCertificateFilePath);
        Assert.Equal(Path.Combine(_folder, "ben.key"), found.ClientKeyFilePath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ this: is: no: yaml")]
    [InlineData("current-context: nowhere")]
    public void What_makes_no_sense_is_a_mistake_of_the_user(string text)
    {
        var path = Write("config", text);

        Assert.ThrowsAny<KubeConfigException>(() => Kubeconfig.Find(path, Environment));
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_so() =>
        Assert.ThrowsAny<IOException>(() => Kubeconfig.Find(Path.Combine(_folder, "none"), Environment));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string? Environment(string name) => _environment.GetValueOrDefault(name);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
