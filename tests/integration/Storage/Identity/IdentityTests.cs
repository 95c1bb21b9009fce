using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Storage.Identity;

/// <summary>Programs that were given no keys, only what Kubernetes gives a pod's service account.</summary>
[Collection(S3ServerCollection.Name)]
public sealed class IdentityTests(S3Server server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-identity-").FullName;
    private readonly TokenIssuer _issuer = new();

    private string TokenFile => Path.Combine(_folder, "token");

    public void Dispose()
    {
        _issuer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_run_trains_by_the_role_of_its_service_account()
    {
        var (role, endpoint) = await NewRoleAsync();
        using var run = await NewRunAsync(endpoint);
        await File.WriteAllTextAsync(TokenFile, _issuer.Token());

        var trained = await RunAsync(
            WebIdentity(role, endpoint),
            Programs.CodeParrot,
            "run",
            "-f",
            run.Manifest,
            "--state",
            run.State,
            "--set",
            "training.maxSteps=4"
        );

        var listed = await ListAsync(run, WebIdentity(role, endpoint));

        Assert.True(trained.ExitCode == 0, trained.ToString());
        Assert.True(listed.ExitCode == 0, listed.ToString());
        Assert.Contains("step-000000004-a", listed.Output);
    }

    [Fact]
    public async Task A_refused_role_is_named_with_what_to_do()
    {
        var (role, endpoint) = await NewRoleAsync();
        using var run = await NewRunAsync(endpoint);
        await File.WriteAllTextAsync(TokenFile, _issuer.Token("somebody-else"));

        var result = await ListAsync(run, WebIdentity(role, endpoint));

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(role, result.Errors);
        Assert.Contains("trust policy", result.Errors);
        Assert.DoesNotContain("   at ", result.Errors);
    }

    [Fact]
    public async Task A_token_that_is_not_mounted_is_named()
    {
        using var run = await NewRunAsync();

        var result = await ListAsync(run, WebIdentity("arn:aws:iam::1:role/any", server.Endpoint));

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"'{TokenFile}'", result.Errors);
        Assert.Contains("AWS_WEB_IDENTITY_TOKEN_FILE", result.Errors);
        Assert.DoesNotContain("   at ", result.Errors);
    }

    [Fact]
    public async Task Nothing_to_sign_with_is_named_with_what_there_may_be()
    {
        using var run = await NewRunAsync();

        var result = await ListAsync(run);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("credentialsSecret", result.Errors);
        Assert.Contains("service account", result.Errors);
    }

    [Fact]
    public async Task An_agent_s_credentials_are_asked_for_again_when_they_are_refused()
    {
        using var run = await NewRunAsync();
        await File.WriteAllTextAsync(TokenFile, "pod's token");
        var asked = 0;
        using var agent = new LoopbackService(request =>
            request.Headers["Authorization"] == "pod's token"
                ? (200, Credentials(Interlocked.Increment(ref asked) == 1 ? "revoked" : server.SecretKey))
                : (403, "{}")
        );

        var result = await ListAsync(run, Agent(agent));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task An_agent_that_refuses_is_told_from_one_that_does_not_answer()
    {
        using var run = await NewRunAsync();
        await File.WriteAllTextAsync(TokenFile, "pod's token");
        using var agent = new LoopbackService(_ => (403, "{\"message\":\"no association\"}"));

        var result = await ListAsync(run, Agent(agent));

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("association", result.Errors);
    }

    private string[] WebIdentity(string role, string endpoint) =>
        [
            $"AWS_ROLE_ARN={role}",
            $"AWS_WEB_IDENTITY_TOKEN_FILE={TokenFile}",
            "AWS_REGION=us-east-1",
            $"AWS_ENDPOINT_URL_STS={endpoint}",
        ];

    private string[] Agent(LoopbackService agent) =>
        [
            $"AWS_CONTAINER_CREDENTIALS_FULL_URI={agent.Address}/v1/credentials",
            $"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE={TokenFile}",
        ];

    private string Credentials(string secret) =>
        $$"""
            { "AccessKeyId": "{{server.AccessKey}}", "SecretAccessKey": "{{secret}}",
              "Expiration": "{{DateTime.UtcNow.AddHours(6):s}}Z" }
            """;

    private static Task<ProgramResult> ListAsync(RunFolder run, params string[] environment) =>
        RunAsync(environment, Programs.Trainer, "store", "list", "--spec", run.Manifest);

    // A node's own service of credentials is not there, and would be waited for.
    private static Task<ProgramResult> RunAsync(string[] environment, params string[] command) =>
        Programs.RunAsync("/usr/bin/env", ["AWS_EC2_METADATA_DISABLED=true", .. environment, .. command]);

    private Task<(string Role, string Endpoint)> NewRoleAsync() =>
        server.TrustAsync(_issuer.Address, _issuer.Thumbprint, $"trainer-{Guid.NewGuid():N}");

    private async Task<RunFolder> NewRunAsync(string? endpoint = null)
    {
        var options = await server.NewBucketAsync(endpoint);
        var store = $"spec:\n  store: {{ uri: \"{options.Uri}\", endpoint: \"{options.Endpoint}\" }}\n";
        return new RunFolder(RunFolder.TinyManifest.Replace("spec:\n", store));
    }
}
