using System.Globalization;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>What <c>operator</c> of the benchmarks measures.</summary>
internal sealed record OperatorBenchmarkOptions
{
    /// <summary>Of an API server that is there for this benchmark alone.</summary>
    public string Kubeconfig { get; init; } = "";

    /// <summary>The operator's executable.</summary>
    public string Program { get; init; } = "";

    /// <summary>One part alone: gang, loss or runs; empty for all.</summary>
    public string Only { get; init; } = "";

    /// <summary>Ranks of a gang.</summary>
    public int Ranks { get; init; } = 1000;

    /// <summary>Rounds of gang creation that count.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Ranks that are lost, one after another.</summary>
    public int Losses { get; init; } = 5;

    /// <summary>Runs in the cache.</summary>
    public int Runs { get; init; } = 1000;

    /// <summary>Seconds of steady state.</summary>
    public int Seconds { get; init; } = 60;

    /// <summary>Reads <c>--name value</c> pairs.</summary>
    /// <returns>Null where they make no sense.</returns>
    public static OperatorBenchmarkOptions? Parse(string[] args)
    {
        var options = new OperatorBenchmarkOptions();
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var value])
            {
                return null;
            }

            var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
            OperatorBenchmarkOptions? next = name switch
            {
                "--kubeconfig" => options with { Kubeconfig = value },
                "--program" => options with { Program = value },
                "--only" when value is "gang" or "loss" or "runs" => options with { Only = value },
                "--ranks" when number > 1 => options with { Ranks = number },
                "--rounds" when number > 0 => options with { Rounds = number },
                "--losses" when number > 0 => options with { Losses = number },
                "--runs" when number > 0 => options with { Runs = number },
                "--seconds" when number > 0 => options with { Seconds = number },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options.Kubeconfig.Length > 0 && options.Program.Length > 0 ? options : null;
    }

    /// <summary>True for a part that is to be run.</summary>
    public bool Wants(string part) => Only.Length == 0 || Only == part;
}
