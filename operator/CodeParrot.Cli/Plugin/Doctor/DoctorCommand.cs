using System.CommandLine;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Commands;
using CodeParrot.Cli.Reports;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using k8s.Autorest;

namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary><c>kubectl codeparrot doctor [run] [-f F]</c>: looks for what keeps runs from working.</summary>
internal static class DoctorCommand
{
    private static readonly string[] Titles = ["CHECK", "RESULT", "WHAT IS SO"];

    public static Command Create()
    {
        var run = CommandHost.RunArgument(ClusterOptions.Open);
        run.Description = "A run that is to work; any unless set";
        var file = new Option<string?>("--file", "-f") { Description = "A manifest that is to work" };
        var output = OutputOption.Create();
        var command = new Command("doctor", "Look for what keeps runs from working, and say what to do")
        {
            run,
            file,
            output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(run) is not null && result.GetValue(file) is not null)
            {
                result.AddError("name a run or a file, not both");
            }
        });
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(async () =>
                {
                    using var place = ClusterOptions.Open(result);
                    var patient = new Patient(
                        place,
                        result.GetValue(file) is { } path ? OfFile(place, path)
                            : result.GetValue(run) is { } name ? await place.FindAsync(name, token)
                            : null
                    );
                    var findings = await LookAsync(patient, token);
                    Console.Write(OutputOption.Text(result.GetRequiredValue(output), findings, _ => Table(findings)));
                    return findings.Any(f => f.Level == FindingLevel.Failed)
                        ? (int)ExitCode.Unexpected
                        : (int)ExitCode.Done;
                })
        );
        return command;
    }

    /// <summary>All findings, in the order of checks.</summary>
    public static async Task<IReadOnlyList<Finding>> LookAsync(Patient patient, CancellationToken cancellationToken)
    {
        IDoctorCheck[] checks =
        [
            new ServerCheck(),
            new DefinitionCheck(),
            new OperatorCheck(TimeProvider.System),
            new OperatorRightsCheck(),
            new OwnRightsCheck(),
            new GpuCheck(),
            new GangCheck(),
            new StoreCheck(TimeProvider.System),
        ];
        List<Finding> findings = [];
        foreach (var check in checks)
        {
            try
            {
                findings.AddRange(await check.LookAsync(patient, cancellationToken));
            }
            // One that cannot look must not hide what the others see; the first one tells of a server that is away.
            catch (Exception e) when (findings.Count > 0 && e is HttpOperationException or UserMistakeException)
            {
                var said = ServerAnswers.Told(e)?.Message ?? e.Message;
                findings.Add(new Finding(check.Name, FindingLevel.Failed, said));
            }
        }

        return findings;
    }

    private static TrainingRun OfFile(ClusterPlace place, string path)
    {
        var manifest = ManifestReader.ReadFile(path);
        var space = ClusterRunCommand.NamespaceOf(place.Connection, ManifestReader.ReadFields(path, []));
        return new TrainingRun
        {
            Metadata = new ObjectMetadata { Name = manifest.Metadata.Name, Namespace = space },
            Spec = manifest.Spec,
        };
    }

    private static string Table(IReadOnlyList<Finding> findings) =>
        TextTable.Of(Titles, findings.SelectMany(f => Rows(f)));

    private static IEnumerable<IReadOnlyList<string>> Rows(Finding finding)
    {
        yield return [finding.Check, $"{finding.Level}", finding.Detail];
        if (finding.Remedy.Length > 0)
        {
            yield return ["", "", $"→ {finding.Remedy}"];
        }
    }
}
