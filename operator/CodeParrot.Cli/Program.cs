using System.CommandLine;
using CodeParrot.Cli.Commands;
using CodeParrot.Contract.Runtime;

// Pods are processes in sessions of their own, found again below /proc.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

var toCluster = args.FirstOrDefault() == Roots.Kubectl;
var parsed = toCluster ? Roots.OfCluster().Parse(args[1..]) : Roots.OfMachine().Parse(args);

// On this machine signals are the commands' own business: Ctrl-C asks for a checkpoint, and that takes as long as it
// takes. A cluster's runs go on without us.
TimeSpan? patience = toCluster ? TimeSpan.FromSeconds(10) : null;
var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = patience });
return parsed.Errors.Count > 0 ? (int)ExitCode.UserMistake : code;
