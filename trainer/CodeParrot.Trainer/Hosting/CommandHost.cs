using CodeParrot.Contract.Runtime;

namespace CodeParrot.Trainer.Hosting;

/// <summary>Runs a command that is no stage: a failure becomes one line on standard error and its exit code.</summary>
internal static class CommandHost
{
    public static async Task<int> RunAsync(Func<PodEnvironment, Task> body)
    {
        try
        {
            await body(PodEnvironment.Read(Environment.GetEnvironmentVariable));
            return (int)ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            return (int)ExitCode.Stopped;
        }
        catch (Exception e)
        {
            var failure = StageFailure.Of(e);
            await Console.Error.WriteLineAsync("error: " + (failure.IsExpected ? failure.Message : e.ToString()));
            return (int)failure.Code;
        }
    }
}
