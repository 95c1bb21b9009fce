using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Store;

/// <summary>What a command on the store came to.</summary>
/// <param name="Answer">Printed as JSON, for whoever typed the command.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record StoreTask(object Answer, string Message)
{
    /// <summary>The same for an operator, by name.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs a command; in a pod its result, or its failure, is the termination message too.</summary>
    public static Task<int> RunAsync(Func<PodEnvironment, Task<StoreTask>> body) =>
        CommandHost.RunAsync(async environment =>
        {
            try
            {
                var done = await body(environment);
                Console.WriteLine(JsonSerializer.Serialize(done.Answer, ContractJson.Indented));
                Say(environment, ExitCode.Done, $"{ExitCode.Done}", done.Message, done.Outputs);
            }
            catch (Exception e)
            {
                var failure = StageFailure.Of(e);
                Say(environment, failure.Code, failure.Class, failure.Message, new Dictionary<string, string>());
                throw;
            }
        });

    private static void Say(
        PodEnvironment environment,
        ExitCode code,
        string kind,
        string message,
        IReadOnlyDictionary<string, string> outputs
    )
    {
        if (environment.TerminationLog is { } path)
        {
            TerminationLog.Write(
                path,
                new TerminationMessage
                {
                    Rank = environment.Rank,
                    Attempt = environment.Attempt,
                    ExitCode = (int)code,
                    Class = kind,
                    Message = message,
                    Outputs = outputs,
                }
            );
        }
    }
}
