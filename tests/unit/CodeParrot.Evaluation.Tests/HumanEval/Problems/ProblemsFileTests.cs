using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CodeParrot.Evaluation.HumanEval.Problems;

namespace CodeParrot.Evaluation.Tests.HumanEval.Problems;

public class ProblemsFileTests
{
    private const string Good =
        """{"task_id": "a/0", "prompt": "def f():\n", "entry_point": "f", "canonical_solution": "", "test": "x"}""";

    [Fact]
    public void Reads_plain_and_packed_lines_alike()
    {
        var plain = Encoding.UTF8.GetBytes($"{Good}\n\n{Good.Replace("a/0", "a/1")}\n");

        var problems = ProblemsFile.Read(plain, "p.jsonl").Problems;

        Assert.Equal(["a/0", "a/1"], problems.Select(problem => problem.TaskId));
        Assert.Equal(new HumanEvalProblem("a/0", "def f():\n", "f", "", "x"), problems[0]);
        Assert.Equal(problems, ProblemsFile.Read(Packed(plain), "p.jsonl.gz").Problems);
    }

    [Fact]
    public void Takes_the_file_that_the_digest_was_taken_of_only()
    {
        var file = Encoding.UTF8.GetBytes(Good);
        var digest = Convert.ToHexString(SHA256.HashData(file));

        var error = Assert.Throws<ProblemsFileException>(() =>
            ProblemsFile.Read(Encoding.UTF8.GetBytes(Good + "\n"), "p.jsonl", digest)
        );

        Assert.Equal(digest.ToLowerInvariant(), ProblemsFile.Read(file, "p.jsonl", digest).Digest);
        Assert.Contains(digest, error.Message);
    }

    [Theory]
    [InlineData("{}", "p:2: task_id: must be a text")]
    [InlineData("[1]", "p:2: must be a JSON object")]
    [InlineData("{\"task_id\": ", "p:2: is not JSON")]
    [InlineData("""{"task_id": ""}""", "p:2: task_id: must not be empty")]
    [InlineData("""{"task_id": "a/1", "prompt": 7}""", "p:2: prompt: must be a text")]
    [InlineData(Good, "p:2: task_id a/0 is line 1's already")]
    public void Names_the_line_and_what_is_wrong_with_it(string second, string message)
    {
        var error = Assert.Throws<ProblemsFileException>(() =>
            ProblemsFile.Read(Encoding.UTF8.GetBytes($"{Good}\n{second}"), "p")
        );

        Assert.StartsWith(message, error.Message);
        Assert.Equal(2, error.Line);
    }

    [Fact]
    public void Refuses_an_empty_a_damaged_and_a_truncated_file()
    {
        var packed = Packed(Encoding.UTF8.GetBytes(Good));
        packed[^6] ^= 1;

        var empty = Assert.Throws<ProblemsFileException>(() => ProblemsFile.Read("\n"u8.ToArray(), "p"));
        var damaged = Assert.Throws<ProblemsFileException>(() => ProblemsFile.Read(packed, "p"));

        Assert.Contains("holds no problem", empty.Message);
        var truncated = Assert.Throws<ProblemsFileException>(() => ProblemsFile.Read(Truncated(), "p"));
        Assert.Contains("is damaged", damaged.Message);
        Assert.Contains("is damaged", truncated.Message);
    }

    // Its first line is all there, its end is not.
    private static byte[] Truncated() => Packed(Encoding.UTF8.GetBytes($"{Good}\n"))[..^8];

    private static byte[] Packed(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }
}
