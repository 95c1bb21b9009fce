using System.CommandLine;

namespace CodeParrot.Trainer.Hosting;

/// <summary>The options that every stage's command has.</summary>
internal sealed class SpecOptions
{
    public Option<string> Spec { get; } =
        new("--spec", "-f")
        {
            Description = "The run: a TrainingRun manifest, or the snapshot that an operator mounts",
            Required = true,
        };

    public Option<string[]> Set { get; } =
        new("--set") { Description = "Sets one value of the manifest: path=value", DefaultValueFactory = _ => [] };

    public void AddTo(Command command)
    {
        command.Options.Add(Spec);
        command.Options.Add(Set);
    }

    public StageHost Host(string stage, ParseResult result) =>
        new(stage, result.GetRequiredValue(Spec), result.GetRequiredValue(Set));

    /// <summary>A command that is one stage.</summary>
    public static Command StageCommand(
        string name,
        string description,
        string stage,
        Func<StageContext, CancellationToken, Task<StageResult>> body
    )
    {
        var options = new SpecOptions();
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction((result, _) => options.Host(stage, result).RunAsync(body));
        return command;
    }
}
