using CodeParrot.Contract.Manifest;

namespace CodeParrot.Contract.Tests.Manifest;

/// <summary>Manifests for tests.</summary>
internal static class Manifests
{
    public const string Good = """
        apiVersion: codeparrot.dev/v1alpha1
        kind: TrainingRun
        metadata: { name: small }
        spec:
          corpus: { source: { uri: file:///data } }
        """;

    public static RunManifest Read(string text, params string[] overrides) =>
        ManifestReader.Read(text, "run.yaml", overrides);

    public static IReadOnlyList<SpecMistake> Mistakes(string text, params string[] overrides) =>
        Assert.Throws<ManifestException>(() => Read(text, overrides)).Mistakes;
}
