using System.Security.Cryptography;
using System.Text;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Contract.Manifest;

/// <summary>A resolved manifest as the immutable text that an attempt runs with.</summary>
public static class RunSnapshot
{
    /// <summary>The text of <c>run.yaml</c>; the same manifest gives the same text.</summary>
    public static string Write(RunManifest manifest) => YamlText.Write(SpecResolver.Resolve(manifest));

    /// <summary>SHA-256 of a snapshot's text, hex.</summary>
    public static string Hash(string snapshot) => Hex(snapshot);

    /// <summary>
    /// SHA-256, hex, of the fields that give weights their meaning: corpus, tokenizer, model, objective, data, seed,
    /// batch size, accumulation and reference world size. A checkpoint is resumed only under the same.
    /// </summary>
    public static string IdentityDigest(RunSpec spec)
    {
        var resolved = SpecResolver.Resolve(new RunManifest { Spec = spec }).Spec;
        var identity = new RunSpec
        {
            Corpus = resolved.Corpus with { Workers = 1 },
            Tokenizer = resolved.Tokenizer,
            // A preset is a name for numbers that stand here anyway.
            Model = resolved.Model with
            {
                Preset = null,
            },
            Training = new TrainingSpec
            {
                BatchSize = resolved.Training.BatchSize,
                GradientAccumulation = resolved.Training.GradientAccumulation,
                Objective = resolved.Training.Objective,
                Data = resolved.Training.Data,
                Seed = resolved.Training.Seed,
            },
            Workers = new WorkersSpec { Count = resolved.Workers.Count },
        };
        return Hex(YamlText.Write(identity));
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
