using System.Text.Json;

namespace CodeParrot.Corpus.Tests;

/// <summary>Problems in HumanEval's form, our own.</summary>
internal static class BenchmarkScenario
{
    public const string Prompt = """"
        from typing import List


        def longest_plateau(heights: List[int], slack: int) -> int:
            """ Return the length of the longest run of neighbouring heights that all lie within
            slack of the first height of that run.
            >>> longest_plateau([3, 4, 3, 9, 9], 1)
            3
            """

        """";

    public const string Solution = """
            best = 0
            for start, level in enumerate(heights):
                end = start
                while end < len(heights) and abs(heights[end] - level) <= slack:
                    end += 1
                best = max(best, end - start)
            return best

        """;

    public const string Test = """
        METADATA = {'author': 'us', 'dataset': 'test'}

        def check(candidate):
            assert candidate([3, 4, 3, 9, 9], 1) == 3
            assert candidate([], 5) == 0
            assert candidate([7, 1, 2, 3, 2, 8], 2) == 4

        """;

    /// <summary>A line of a problem.</summary>
    public static string Line(string name, string prompt, string solution, string test) =>
        JsonSerializer.Serialize(
            new
            {
                task_id = name,
                prompt,
                entry_point = "f",
                canonical_solution = solution,
                test,
            }
        ) + "\n";

    /// <summary>
    /// The problem above, one with a trivial solution, and three that share the frame of their tests.
    /// </summary>
    public static string Lines() =>
        Line("Ours/0", Prompt, Solution, Test)
        + Line("Ours/1", "def add(x, y):\n    \"\"\" Add two numbers \"\"\"\n", "    return x + y\n", "")
        + string.Concat(
            Enumerable.Range(2, 3).Select(i => Line($"Ours/{i}", Framed(i), "    return s\n", FramedTest(i)))
        );

    private static string Framed(int i) =>
        $"def word_{i}(s):\n    \"\"\" Turn the text s around so that part {i} of it, counted from its end, comes to "
        + $"stand where part {i + 9} was \"\"\"\n";

    // More words in common than of its own.
    private static string FramedTest(int i) =>
        "METADATA = {'author': 'us', 'dataset': 'test', 'kind': 'a frame that all of these problems have in common'}\n"
        + $"def check(candidate):\n    assert candidate('{i}') == '{i + 1}'\n";
}
