using System.CommandLine;
using System.Text.Json;
using CodeParrot.Cli.Completion;
using CodeParrot.Cli.Hosting;
using CodeParrot.Cli.Places;
using CodeParrot.Cli.Plugin;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Commands;

/// <summary>What all commands share: arguments, and how errors end.</summary>
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
    /// <param name="place">Where runs are, for the shell's completion of names.</param>
    public static Argument<string?> RunArgument(PlaceOpener place)
    {
        var argument = new Argument<string?>("run")
        {
            Description = "Name of the run; may be left out when there is one only",
            Arity = ArgumentArity.ZeroOrOne,
        };
        argument.CompletionSources.Add(context => PlaceNames.OfRuns(place, context.ParseResult));
        return argument;
    }

    /// <summary>The trainer's executable.</summary>
    /// <exception cref="UserMistakeException">There is none.</exception>
    public static string Trainer() => TrainerLocator.Find(Environment.GetEnvironmentVariable, AppContext.BaseDirectory);

    /// <summary>Runs a command's body at a place.</summary>
    public static Task<int> RunAsync(ParseResult result, PlaceOpener opener, Func<IRunPlace, Task<int>> body) =>
        RunAsync(async () =>
        {
            using var place = opener(result);
            return await body(place);
        });

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
        catch (Exception e) when (ServerAnswers.Told(e) is { } told)
        {
            return Fail(told.Message, (int)told.Code);
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
