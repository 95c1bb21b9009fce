using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CodeParrot.Evaluation.HumanEval.Problems;

/// <summary>
/// A file of problems in HumanEval's format (Chen et al. 2021): JSON lines with <c>task_id</c>, <c>prompt</c>,
/// <c>entry_point</c>, <c>canonical_solution</c> and <c>test</c>, plain or gzip, which is told by its first bytes.
/// </summary>
/// <param name="Problems">The problems in the file's order, at least one.</param>
/// <param name="Digest">SHA-256 of the file as it lies in its place, in hexadecimal digits.</param>
public sealed record ProblemsFile(IReadOnlyList<HumanEvalProblem> Problems, string Digest)
{
    // HumanEval's own is 45 kB. What unpacks to more than this is no file of problems.
    private const int MaxBytes = 256 << 20;

    /// <summary>Reads a file that is in memory.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="digest">SHA-256 that it must have, in hexadecimal digits; empty takes any.</param>
    /// <exception cref="ProblemsFileException">
    /// The digest is another one, a line is no problem, two have one name, or there is none.
    /// </exception>
    public static ProblemsFile Read(ReadOnlyMemory<byte> bytes, string file, string digest = "")
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(digest);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        if (digest.Length > 0 && !found.Equals(digest, StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemsFileException(
                file,
                0,
                $"its SHA-256 is {found}, but {digest} was asked for: name the file that the digest was taken of, or "
                    + "leave the digest out"
            );
        }

        var problems = new List<HumanEvalProblem>();
        var lines = new Dictionary<string, int>();
        var number = 0;
        foreach (var line in Text(bytes, file).Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var problem = Parse(line, file, number);
            if (!lines.TryAdd(problem.TaskId, number))
            {
                var first = lines[problem.TaskId];
                throw new ProblemsFileException(file, number, $"task_id {problem.TaskId} is line {first}'s already");
            }

            problems.Add(problem);
        }

        return problems.Count > 0
            ? new ProblemsFile(problems, found)
            : throw new ProblemsFileException(file, 0, "holds no problem: each line must be one, as JSON");
    }

    private static string Text(ReadOnlyMemory<byte> bytes, string file)
    {
        var span = bytes.Span;
        if (!(span.Length > 2 && span[0] == 0x1f && span[1] == 0x8b))
        {
            return Encoding.UTF8.GetString(span);
        }

        using var packed = new MemoryStream(bytes.ToArray(), writable: false);
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            for (int count; (count = gzip.Read(buffer)) > 0; )
            {
                plain.Write(buffer, 0, count);
                if (plain.Length > MaxBytes)
                {
                    throw new ProblemsFileException(file, 0, $"unpacks to more than {MaxBytes >> 20} MiB");
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new ProblemsFileException(file, 0, $"is damaged: {e.Message} Fetch it again", e);
        }

        return Encoding.UTF8.GetString(plain.GetBuffer().AsSpan(0, (int)plain.Length));
    }

    private static HumanEvalProblem Parse(string line, string file, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new ProblemsFileException(file, number, $"must be a JSON object, was {root.ValueKind}");
            }

            string Field(string name, bool mayBeEmpty = false)
            {
                var text =
                    root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                        ? value.GetString()!
                        : throw new ProblemsFileException(file, number, $"{name}: must be a text, is missing or none");
                return text.Length > 0 || mayBeEmpty
                    ? text
                    : throw new ProblemsFileException(file, number, $"{name}: must not be empty");
            }

            return new HumanEvalProblem(
                Field("task_id"),
                Field("prompt"),
                Field("entry_point"),
                Field("canonical_solution", mayBeEmpty: true),
                Field("test")
            );
        }
        catch (JsonException e)
        {
            throw new ProblemsFileException(file, number, $"is not JSON: {e.Message}", e);
        }
    }
}
