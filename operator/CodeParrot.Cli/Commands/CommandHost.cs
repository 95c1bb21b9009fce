using System.CommandLine;
using System.Text.Json;
using CodeParrot.Cli.Hosting;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Commands;

/// <summary>What all commands share: the state option, and how errors end.</summary>
internal static class CommandHost
{
    /// <summary>Folder of the embedded cluster.</summary>
    public static Option<string> State { get; } =
        new("--state")
        {
            Description = "Folder of runs, their pods' logs and, unless spec.store says otherwise, the store",
            DefaultValueFactory = _ => ".codeparrot",
            Recursive = true,
        };

    /// <summary>The run's name; may be left out where there is one run only.</summary>
    public static Argument<string?> RunArgument() =>
        new("run")
        {
            Description = "Name of the run; may be left out when there is one only",
            Arity = ArgumentArity.ZeroOrOne,
        };

    /// <summary>The trainer's executable.</summary>
    /// <exception cref="UserMistakeException">There is none.</exception>
    public static string Trainer() => TrainerLocator.Find(Environment.GetEnvironmentVariable, AppContext.BaseDirectory);

    /// <summary>Runs a command's body; mistakes and failures become messages and exit codes.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (Exception e) when (e is UserMistakeException or ManifestException)
        {
            return Fail(e.Message, (int)ExitCode.UserMistake);
        }
        catch (TrainerFailedException e)
        {
            return Fail(e.Message, e.ExitCode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(e.Message, (int)ExitCode.Unexpected);
        }
        catch (JsonException e)
        {
            return Fail("a file of the state cannot be read: " + e.Message, (int)ExitCode.CorruptData);
        }
    }

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine("error: " + message);
        return code;
    }
}
