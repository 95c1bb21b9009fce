using Amazon.Runtime;

namespace CodeParrot.Storage.S3;

/// <summary>Credentials from the files of a mounted secret, read again when the server refuses them.</summary>
internal sealed class DirectoryCredentials : AWSCredentials, IStoreCredentials
{
    private readonly StoreLocation _location;
    private readonly string _directory;
    private readonly Lock _gate = new();

    private ImmutableCredentials _current;

    public DirectoryCredentials(StoreLocation location, string directory)
    {
        _location = location;
        _directory = directory;
        _current = Read();
    }

    public override ImmutableCredentials GetCredentials()
    {
        lock (_gate)
            return _current;
    }

    /// <summary>Reads the files again where no other request did since <paramref name="refused"/> was in use.</summary>
    /// <returns>Whether there are other credentials now than those that were refused.</returns>
    public bool TryReplace(ImmutableCredentials refused)
    {
        lock (_gate)
        {
            if (!_current.Equals(refused))
                return true;
            _current = Read();
            return !_current.Equals(refused);
        }
    }

    /// <inheritdoc/>
    public Task<bool> TryReplaceAsync(ImmutableCredentials refused) => Task.FromResult(TryReplace(refused));

    private ImmutableCredentials Read() =>
        new(
            ReadFile("AWS_ACCESS_KEY_ID") ?? throw Missing("AWS_ACCESS_KEY_ID"),
            ReadFile("AWS_SECRET_ACCESS_KEY") ?? throw Missing("AWS_SECRET_ACCESS_KEY"),
            ReadFile("AWS_SESSION_TOKEN")
        );

    private string? ReadFile(string name)
    {
        var path = Path.Combine(_directory, name);
        try
        {
            var text = File.ReadAllText(path).Trim();
            return text.Length > 0 ? text : null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreAccessDeniedException(_location, "", $"cannot read the credentials file '{path}'", fault);
        }
    }

    private StoreAccessDeniedException Missing(string name) =>
        new(_location, "", $"the credentials file '{Path.Combine(_directory, name)}' is missing or empty; add it");
}
