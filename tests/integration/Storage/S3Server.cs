using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

/// <summary>
/// A real S3 server for the tests of one run: the one that <c>CODEPARROT_TEST_S3_ENDPOINT</c> names, or a Ceph RADOS
/// gateway started by <c>tests/integration/s3/rgw.sh</c>. Where none can be had, tests skip on a laptop and fail in CI.
/// </summary>
public sealed class S3Server : IAsyncLifetime
{
    private const string Variables = "CODEPARROT_TEST_S3_";

    private string? _directory;
    private string? _whyNot;
    private int _bucketCount;

    /// <summary>An address of this machine that it listens at besides the loopback; empty for none.</summary>
    public string Address { get; init; } = "";

    /// <summary>Gets the server's address; only after <see cref="Require"/>.</summary>
    public string Endpoint { get; private set; } = "";

    public string AccessKey { get; private set; } = "";

    public string SecretKey { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable(Variables + "ENDPOINT") is { Length: > 0 } endpoint)
        {
            Use(endpoint, Variable("ACCESS_KEY"), Variable("SECRET_KEY"));
            return;
        }
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists($"{path}/radosgw")))
        {
            _whyNot =
                "no S3 server: install radosgw, ceph-mon, ceph-osd and ceph-common, or name one by " + Variables + "*";
            return;
        }
        _directory = Directory.CreateTempSubdirectory("codeparrot-s3-").FullName;
        var settings = await RunScriptAsync("up", Environment.ProcessId.ToString(), Address);
        var values = settings
            .Split('\n')
            .Where(line => line.Contains('='))
            .ToDictionary(line => line[..line.IndexOf('=')], line => line[(line.IndexOf('=') + 1)..]);
        Use(values[Variables + "ENDPOINT"], values[Variables + "ACCESS_KEY"], values[Variables + "SECRET_KEY"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is not null)
            await RunScriptAsync("down");
    }

    /// <summary>Skips the test, or fails it in CI, where there is no server.</summary>
    public void Require()
    {
        if (_whyNot is null)
            return;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", _whyNot);
        Assert.Skip(_whyNot);
    }

    /// <summary>Skips the test where the server is not ours to restart.</summary>
    public void RequireOwn()
    {
        Require();
        Assert.SkipWhen(_directory is null, "the server named by the environment is not ours to restart");
    }

    /// <summary>Creates a fresh bucket and returns options for a store in it.</summary>
    /// <param name="endpoint">A proxy in front of the server, if any.</param>
    public async Task<StoreOptions> NewBucketAsync(string? endpoint = null)
    {
        Require();
        var bucket = $"test-{Environment.ProcessId}-{Interlocked.Increment(ref _bucketCount)}-{Guid.NewGuid():N}"[..40];
        using var client = NewClient();
        await client.PutBucketAsync(bucket);
        return new StoreOptions
        {
            Uri = $"s3://{bucket}/some/prefix",
            Endpoint = endpoint ?? Endpoint,
            AccessKey = AccessKey,
            SecretKey = SecretKey,
            PartSizeBytes = 5 * 1024 * 1024,
            MaxRetryDelay = TimeSpan.FromSeconds(1),
            RetryBudget = TimeSpan.FromSeconds(60),
            JitterSeed = 7,
        };
    }

    /// <summary>A plain SDK client, to look at the server past our own code.</summary>
    public AmazonS3Client NewClient() =>
        new(
            new BasicAWSCredentials(AccessKey, SecretKey),
            new AmazonS3Config
            {
                ServiceURL = Endpoint,
                ForcePathStyle = true,
                AuthenticationRegion = "us-east-1",
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            }
        );

    /// <summary>Makes a role that may do all, for whoever has a token of this issuer; only an own server's.</summary>
    /// <returns>The role's ARN, and the address at which its sessions are given and taken.</returns>
    public async Task<(string Role, string Endpoint)> TrustAsync(string issuer, string thumbprint, string role)
    {
        RequireOwn();
        var endpoint = await RunScriptAsync("trust", issuer, thumbprint, role);
        return ($"arn:aws:iam:::role/{role}", endpoint.Trim());
    }

    /// <summary>Kills the gateway as a crash would.</summary>
    public Task KillGatewayAsync() => RunScriptAsync("stop-gateway");

    /// <summary>Starts the killed gateway again, on the same port.</summary>
    public Task StartGatewayAsync() => RunScriptAsync("start-gateway");

    private void Use(string endpoint, string accessKey, string secretKey) =>
        (Endpoint, AccessKey, SecretKey) = (endpoint, accessKey, secretKey);

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(Variables + name)
        ?? throw new InvalidOperationException($"{Variables}{name} must be set together with {Variables}ENDPOINT");

    private async Task<string> RunScriptAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])[ScriptPath(), command, _directory!, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"rgw.sh {command}: exit {process.ExitCode}\n{await output}{await error}");
        return await output;
    }

    private static string ScriptPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CodeParrot.sln")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "tests", "integration", "s3", "rgw.sh");
    }
}
