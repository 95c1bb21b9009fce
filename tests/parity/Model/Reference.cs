using System.Text.Json;
using CodeParrot.Model;
using CodeParrot.Model.HuggingFace;
using TorchSharp;

namespace CodeParrot.Parity.Tests.Model;

/// <summary>The stored reference numbers (tests/parity/reference), found from the test's own folder upwards.</summary>
public static class Reference
{
    /// <summary>The folder of the reference model and its numbers.</summary>
    public static string Folder { get; } = Find(AppContext.BaseDirectory);

    /// <summary>One of the JSON files; the caller disposes it.</summary>
    public static JsonDocument Json(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));

    /// <summary>The reference model at its start.</summary>
    public static Gpt2 Model() => Load(Folder);

    /// <summary>The reference model after the training trace.</summary>
    public static Gpt2 ModelAfterTraining() => Load(Path.Combine(Folder, "after-20-steps"));

    /// <summary>A JSON array of numbers.</summary>
    public static double[] Numbers(JsonElement array) => array.EnumerateArray().Select(x => x.GetDouble()).ToArray();

    /// <summary>A JSON array of token ids.</summary>
    public static long[] Ids(JsonElement array) => array.EnumerateArray().Select(x => x.GetInt64()).ToArray();

    /// <summary>One sequence as a batch, int64 [1, T].</summary>
    public static torch.Tensor Batch(long[] ids) => torch.tensor(ids, [1, ids.Length]);

    /// <summary>Rows of equal length as a batch, int64 [B, T].</summary>
    public static torch.Tensor Batch(IEnumerable<JsonElement> rows)
    {
        var ids = rows.Select(Ids).ToArray();
        return torch.tensor(ids.SelectMany(row => row).ToArray(), [ids.Length, ids[0].Length]);
    }

    private static Gpt2 Load(string folder)
    {
        // As the reference was computed.
        torch.set_num_threads(1);
        return HuggingFaceFolder.Load(folder);
    }

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "parity", "reference");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"no tests/parity/reference above {start}");
    }
}
