using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Storage;

namespace CodeParrot.Trainer.Hosting;

/// <summary>Opens the stores that a run names, with what this pod was given to reach them.</summary>
internal sealed class StoreAccess(PodEnvironment environment, TimeProvider time)
{
    /// <summary>
    /// The store of artifacts: the environment's, the manifest's, or a folder beside the work folder.
    /// </summary>
    public IObjectStore OpenArtifacts(StoreSpec spec)
    {
        var uri =
            environment.StoreUri
            ?? (spec.Uri.Length > 0 ? spec.Uri : "file://" + Path.GetFullPath(Path.Combine(".codeparrot", "store")));
        if (uri.StartsWith("file://", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(StoreLocation.Parse(uri).Path);
        }

        return ObjectStores.Open(Options(spec, uri, spec.Endpoint), time);
    }

    /// <summary>
    /// A place that the manifest reads from: a source of documents, a model's or a tokenizer's folder.
    /// </summary>
    /// <param name="spec">The store whose region and credentials also serve here.</param>
    /// <param name="uri">s3:// or file:// URI, or a path.</param>
    /// <param name="endpoint">Server, where it is not the store's.</param>
    public IObjectStore OpenInput(StoreSpec spec, string uri, string endpoint = "") =>
        ObjectStores.Open(InputOptions(spec, uri, endpoint), time);

    /// <summary>How to reach a place that the manifest reads from.</summary>
    public StoreOptions InputOptions(StoreSpec spec, string uri, string endpoint = "") =>
        Options(spec, uri, endpoint.Length > 0 ? endpoint : spec.Endpoint);

    private StoreOptions Options(StoreSpec spec, string uri, string endpoint)
    {
        var options = new StoreOptions
        {
            Uri = uri,
            Endpoint = endpoint.Length > 0 ? endpoint : null,
            Region = spec.Region,
            PathStyle = spec.PathStyle,
            CaBundlePath = environment.StoreCaBundle,
            CredentialsDirectory = environment.StoreCredentials,
        };
        var mistakes = options.Validate().Select(m => new SpecMistake("store " + uri, m)).ToList();
        return mistakes.Count == 0 ? options : throw new ManifestException("the store", mistakes);
    }
}
