using CodeParrot.Storage.S3;

namespace CodeParrot.Storage.Tests.S3;

public sealed class DirectoryCredentialsTests : IDisposable
{
    private static readonly StoreLocation Location = StoreLocation.Parse("s3://bucket");

    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-secret-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reads_the_files_of_a_secret_and_again_when_refused()
    {
        Write("AWS_ACCESS_KEY_ID", "key\n");
        Write("AWS_SECRET_ACCESS_KEY", "secret\n");
        var credentials = new DirectoryCredentials(Location, _folder);
        var first = credentials.GetCredentials();

        var isSame = credentials.TryReplace(first);
        Write("AWS_SECRET_ACCESS_KEY", "new secret");
        Write("AWS_SESSION_TOKEN", "token");
        var isReplaced = credentials.TryReplace(first);
        var isReplacedForAnother = credentials.TryReplace(first);

        Assert.Equal(("key", "secret", false), (first.AccessKey, first.SecretKey, first.UseToken));
        Assert.Equal((false, true, true), (isSame, isReplaced, isReplacedForAnother));
        Assert.Equal(
            ("new secret", "token"),
            (credentials.GetCredentials().SecretKey, credentials.GetCredentials().Token)
        );
    }

    [Fact]
    public void Names_the_file_that_is_missing()
    {
        Write("AWS_ACCESS_KEY_ID", "key");

        var fault = Assert.Throws<StoreAccessDeniedException>(() => new DirectoryCredentials(Location, _folder));

        Assert.Contains(Path.Combine(_folder, "AWS_SECRET_ACCESS_KEY"), fault.Message);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
