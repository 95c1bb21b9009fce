using CodeParrot.Contract.Manifest;

namespace CodeParrot.Cli.State;

/// <summary>
/// Relative paths of a manifest mean the folder that codeparrot was started in, wherever its pods run.
/// </summary>
internal static class ManifestPaths
{
    /// <summary>The manifest with rooted paths.</summary>
    public static RunManifest Root(RunManifest manifest, string folder)
    {
        var spec = manifest.Spec;
        return manifest with
        {
            Spec = spec with
            {
                Corpus = spec.Corpus with
                {
                    Source = spec.Corpus.Source with { Uri = Root(spec.Corpus.Source.Uri, folder) },
                    Decontaminate = [.. spec.Corpus.Decontaminate.Select(uri => Root(uri, folder))],
                },
                Tokenizer = spec.Tokenizer with { From = spec.Tokenizer.From is { } t ? Root(t, folder) : null },
                Evaluation = spec.Evaluation with
                {
                    HumanEval = spec.Evaluation.HumanEval is { } h
                        ? h with
                        {
                            Problems = Root(h.Problems, folder),
                        }
                        : null,
                },
                Model = spec.Model with { From = spec.Model.From is { } m ? Root(m, folder) : null },
            },
        };
    }

    private static string Root(string uri, string folder) =>
        uri.Length == 0 || uri.Contains("://", StringComparison.Ordinal) ? uri : Path.GetFullPath(uri, folder);
}
