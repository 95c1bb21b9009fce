using System.CommandLine;
using CodeParrot.Api.Crd;

namespace CodeParrot.Cli.Commands;

/// <summary><c>codeparrot generate-crd --output F</c>: the CustomResourceDefinition, for the build.</summary>
internal static class GenerateCrdCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output") { Description = "The file to write", Required = true };
        var command = new Command("generate-crd", "Write the CustomResourceDefinition of TrainingRun") { output };
        command.Hidden = true;
        command.SetAction(
            (result, stop) =>
                CommandHost.RunAsync(async () =>
                {
                    // Generated as a whole before the file is touched: a field without bounds leaves the old one.
                    var text = new StringWriter { NewLine = "\n" };
                    CrdFile.Write(text);
                    await File.WriteAllTextAsync(result.GetRequiredValue(output), text.ToString(), stop);
                    return 0;
                })
        );
        return command;
    }
}
