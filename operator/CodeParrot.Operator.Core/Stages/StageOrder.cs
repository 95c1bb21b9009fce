using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Stages;

/// <summary>The order of the stages, and what phase each one shows.</summary>
public static class StageOrder
{
    /// <summary>The first stage that is not done; null when all are.</summary>
    public static string? Next(IReadOnlyDictionary<string, StageStatus> done) =>
        StageNames.All.FirstOrDefault(s => !done.ContainsKey(s));

    /// <summary>The stages that a rollback leaves done.</summary>
    public static IReadOnlyDictionary<string, StageStatus> BeforeTraining(
        IReadOnlyDictionary<string, StageStatus> done
    ) =>
        new SortedDictionary<string, StageStatus>(
            done.Where(s => s.Key is StageNames.Corpus or StageNames.Tokenizer).ToDictionary()
        );

    /// <summary>The phase in which a stage begins.</summary>
    public static RunPhase PhaseOf(string stage) =>
        stage switch
        {
            StageNames.Corpus or StageNames.Tokenizer => RunPhase.Preparing,
            StageNames.Train => RunPhase.Starting,
            _ => RunPhase.Evaluating,
        };
}
