using System.CommandLine;

namespace CodeParrot.Cli.Places;

/// <summary>Opens the place that a command line names.</summary>
/// <exception cref="UserMistakeException">It names none that there is.</exception>
internal delegate IRunPlace PlaceOpener(ParseResult result);
