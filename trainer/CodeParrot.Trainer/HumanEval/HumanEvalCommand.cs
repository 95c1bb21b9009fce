using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using CodeParrot.Contract.Spec;
using CodeParrot.Evaluation.HumanEval;
using CodeParrot.Evaluation.HumanEval.Problems;
using CodeParrot.Evaluation.HumanEval.Results;
using CodeParrot.Evaluation.HumanEval.Sandbox;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Tokenizer;
using CodeParrot.Trainer.Hosting;
using CodeParrot.Trainer.Stages;

namespace CodeParrot.Trainer.HumanEval;

/// <summary><c>trainer humaneval</c>: pass@k of a model folder, or a check of problems and sandbox.</summary>
internal static class HumanEvalCommand
{
    private static readonly HumanEvalOptions Unset = new();
    private static readonly SandboxOptions UnsetSandbox = new();

    private static readonly Option<string> Problems = new("--problems")
    {
        Description = "HumanEval.jsonl.gz or a file like it: a path, file:// or s3://",
        Required = true,
    };

    private static readonly Option<string> Digest = new("--digest")
    {
        Description = "SHA-256 that the file must have",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string?> Model = new("--model") { Description = "A Hugging Face folder" };

    private static readonly Option<string?> Output = new("--output")
    {
        Description = "Folder or URI for the results; one that holds a part of them is gone on with",
    };

    private static readonly Option<bool> Check = new("--self-check")
    {
        Description = "Without --model: canonical solutions must pass, and empty bodies must not",
    };

    private static readonly Option<int> Samples = Number("--samples", "Completions a problem", Unset.Samples);

    private static readonly Option<double> Temperature = Number(
        "--temperature",
        "Below 1 sharper, above flatter",
        Unset.Temperature
    );

    private static readonly Option<double> TopP = Number("--top-p", "Keep the likeliest up to this sum", Unset.TopP);
    private static readonly Option<ulong> Seed = Number("--seed", "The same seed gives the same text", Unset.Seed);

    private static readonly Option<int> MaxNewTokens = Number(
        "--max-new-tokens",
        "Most tokens of a completion",
        Unset.MaxNewTokens
    );

    private static readonly Option<double> Timeout = Number(
        "--timeout",
        "Seconds of a program, as on an idle machine",
        UnsetSandbox.Timeout.TotalSeconds
    );

    private static readonly Option<Isolation> Least = Number(
        "--isolation",
        "Least isolation of programs: Namespaces, Filter or None",
        UnsetSandbox.Isolation
    );

    private static readonly Option<string?> K = new("--k")
    {
        Description = "The k of pass@k, as in 1,10,100 (default: these, as far as there are so many samples)",
    };

    public static Command Create()
    {
        var command = new Command("humaneval", "pass@k of a model: its programs are run, in a sandbox")
        {
            Problems,
            Digest,
            Model,
            Output,
            Check,
            Samples,
            Temperature,
            TopP,
            K,
            Seed,
            MaxNewTokens,
            Timeout,
            Least,
        };
        K.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && KsOf(result.Tokens[0].Value) is null)
            {
                result.AddError("--k must be whole numbers with commas between them, as in 1,10,100");
            }
        });
        command.Validators.Add(result =>
        {
            var whole = result.GetValue(Model) is not null && result.GetValue(Output) is not null;
            if (result.GetValue(Check) == whole)
            {
                result.AddError("give --model and --output, or --self-check");
            }
        });
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(environment =>
                {
                    var access = new StoreAccess(environment, TimeProvider.System);
                    return result.GetValue(Check)
                        ? CheckAsync(access, result, token)
                        : RunAsync(environment, access, result, token);
                })
        );
        return command;
    }

    private static Task<ProblemsFile> ReadAsync(StoreAccess access, ParseResult result, CancellationToken token) =>
        ProblemsInput.ReadAsync(
            access,
            new StoreSpec(),
            result.GetRequiredValue(Problems),
            result.GetRequiredValue(Digest),
            token
        );

    private static SandboxOptions SandboxOf(ParseResult result)
    {
        var seconds = result.GetRequiredValue(Timeout);
        return seconds is > 0 and < 1e6
            ? UnsetSandbox with
            {
                Timeout = TimeSpan.FromSeconds(seconds),
                Isolation = result.GetRequiredValue(Least),
                Workers = Environment.ProcessorCount,
            }
            : throw new HumanEvalOptionsException([$"timeout: must be above 0 seconds, was {seconds}"]);
    }

    private static async Task CheckAsync(StoreAccess access, ParseResult result, CancellationToken token)
    {
        var problems = await ReadAsync(access, result, token);
        using var sandbox = await PythonSandbox.StartAsync(SandboxOf(result), TimeProvider.System, token);
        var faults = await SelfCheck.RunAsync(problems.Problems, sandbox, token);
        foreach (var fault in faults)
        {
            var what = fault.IsCanonical ? "the canonical solution must pass" : "an empty body must not pass";
            Console.WriteLine($"{fault.TaskId}: {what}: {fault.Verdict.Outcome} {fault.Verdict.Error}".TrimEnd());
        }

        Console.WriteLine(
            $"{problems.Problems.Count} problems, Python {sandbox.Facts.Python}, isolation {sandbox.Facts.Isolation}: "
                + (faults.Count == 0 ? "canonical solutions score 1, empty bodies 0" : $"{faults.Count} faults")
        );
        if (faults.Count > 0)
        {
            var message = $"{faults.Count} programs of the self-check came out wrong: scores of this file say nothing";
            throw new ProblemsFileException(result.GetRequiredValue(Problems), 0, message);
        }
    }

    private static async Task RunAsync(
        PodEnvironment environment,
        StoreAccess access,
        ParseResult result,
        CancellationToken token
    )
    {
        var options = new HumanEvalOptions
        {
            Samples = result.GetRequiredValue(Samples),
            Temperature = result.GetRequiredValue(Temperature),
            TopP = result.GetRequiredValue(TopP),
            Seed = result.GetRequiredValue(Seed),
            MaxNewTokens = result.GetRequiredValue(MaxNewTokens),
            PassAt = result.GetValue(K) is { } text ? KsOf(text) : null,
        };
        var mistakes = options.Validate().ToList();
        if (mistakes.Count > 0)
        {
            throw new HumanEvalOptionsException(mistakes);
        }

        var problems = await ReadAsync(access, result, token);
        var folder = result.GetValue(Model)!;
        FastProducts.Prepare(environment, static _ => { });
        var tokenizer = BpeTokenizer.Load(folder);
        using var model = HuggingFaceFolder.Load(folder);
        var output = result.GetValue(Output)!;
        using var store = access.OpenInput(new StoreSpec(), output);
        var results = new HumanEvalResults(store, "");
        var run = new HumanEvalRun
        {
            ModelName = await DigestOfAsync(folder, token),
            Problems = problems,
            Options = options,
            Sandbox = SandboxOf(result),
            Results = results,
            Begun = facts =>
                Console.Error.WriteLine(
                    $"{problems.Problems.Count} problems, {options.Samples} samples each; Python {facts.Python}, "
                        + $"isolation {facts.Isolation}"
                ),
            Progress = new InlineProgress<HumanEvalProgress>(progress => Console.Error.WriteLine(Line(progress))),
        };
        var summary = await run.RunAsync(model, tokenizer, TimeProvider.System, token);
        foreach (var figure in HumanEvalFigures.Of(summary))
        {
            Console.WriteLine($"{figure.Name, -18} {figure.Value}");
        }

        Console.WriteLine($"{"Results", -18} {store.Location.UriOf("")}");
    }

    private static string Line(HumanEvalProgress progress) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Problems} of {progress.AllProblems} problems, "
                + $"pass@1 {HumanEvalFigures.Percent(progress.PassAt1)} so far, "
                + $"{progress.TokensPerSecond ?? 0:N0} tokens/s"
        ) + (progress.Remaining is { } remaining ? $", {SpokenTime.Of(remaining)} to go" : "");

    private static async Task<string> DigestOfAsync(string folder, CancellationToken token)
    {
        await using var weights = File.OpenRead(Path.Combine(folder, HuggingFaceFolder.WeightsFile));
        return "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(weights, token));
    }

    private static List<int>? KsOf(string text)
    {
        var ks = new List<int>();
        foreach (var word in text.Split(','))
        {
            if (!int.TryParse(word.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var k))
            {
                return null;
            }

            ks.Add(k);
        }

        return ks;
    }

    private static Option<T> Number<T>(string name, string description, T unset) =>
        new(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description} (default {unset})"),
            DefaultValueFactory = _ => unset,
        };
}
