using CodeParrot.Evaluation.HumanEval.Problems;
using CodeParrot.Evaluation.HumanEval.Results;

namespace CodeParrot.Evaluation.HumanEval;

/// <summary>What is done of a run of HumanEval. Results come from one task at a time.</summary>
internal sealed class HumanEvalTally(
    IReadOnlyList<HumanEvalProblem> problems,
    HumanEvalOptions options,
    TimeProvider time,
    IProgress<HumanEvalProgress>? progress
)
{
    private readonly Dictionary<string, ProblemResult> _done = [];
    private readonly long _start = time.GetTimestamp();
    private int _found;

    /// <summary>All results in the problems' order; asked for when none is missing.</summary>
    public IReadOnlyList<ProblemResult> Results => [.. problems.Select(problem => _done[problem.TaskId])];

    public bool Has(string taskId) => _done.ContainsKey(taskId);

    /// <summary>Takes up what an earlier start has left.</summary>
    public void Add(IReadOnlyDictionary<string, ProblemResult> found)
    {
        foreach (var problem in problems.Where(problem => found.ContainsKey(problem.TaskId)))
        {
            _done[problem.TaskId] = found[problem.TaskId];
        }

        _found = _done.Count;
        Tell();
    }

    public void Add(ProblemResult result)
    {
        _done[result.TaskId] = result;
        Tell();
    }

    private void Tell()
    {
        var fresh = _done.Count - _found;
        var elapsed = time.GetElapsedTime(_start);
        var seconds = _done.Values.Sum(result => result.Seconds);
        progress?.Report(
            new HumanEvalProgress(
                _done.Count,
                problems.Count,
                _done.Count * options.Samples,
                problems.Count * options.Samples,
                _done.Count > 0 ? _done.Values.Average(r => PassAtK.Of(r.Samples.Count, r.Passed, 1)) : 0,
                seconds > 0 ? _done.Values.Sum(result => result.Tokens) / seconds : null,
                fresh > 0 ? elapsed * ((double)(problems.Count - _done.Count) / fresh) : null
            )
        );
    }
}
