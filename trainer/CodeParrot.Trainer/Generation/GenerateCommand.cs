using System.CommandLine;
using System.Text.Json;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Evaluation;
using CodeParrot.Model.Generation;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Tokenizer;
using CodeParrot.Trainer.Hosting;
using CodeParrot.Trainer.Store;

namespace CodeParrot.Trainer.Generation;

/// <summary><c>trainer generate</c>: continues a prompt with a model folder.</summary>
internal static class GenerateCommand
{
    private static readonly Option<string?> Folder = new("--model")
    {
        Description = "A Hugging Face folder: a checkpoint of a run, or any GPT-2",
    };

    private static readonly Option<string?> Spec = new("--spec", "-f")
    {
        Description = "Without --model: the run whose checkpoint continues the prompt",
    };

    private static readonly Option<string> Checkpoint = new("--checkpoint")
    {
        Description = "With --spec: branch/name, a name, or newest",
        DefaultValueFactory = _ => RunStore.Newest,
    };

    private static readonly Option<string> Prompt = new("--prompt")
    {
        Description = "The text to go on from",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<int> MaxNewTokens = Number("--max-new-tokens", "Most tokens of a completion", 128);
    private static readonly Option<int> Completions = Number("--completions", "Number of completions", 1);
    private static readonly Option<int> TopK = Number("--top-k", "Keep the likeliest tokens only; 0 keeps all", 0);
    private static readonly Option<double> TopP = Number("--top-p", "Keep the likeliest tokens up to this sum", 0.95);
    private static readonly Option<double> Temperature = Number("--temperature", "Below 1 sharper, above flatter", 0.4);
    private static readonly Option<ulong> Seed = Number("--seed", "The same seed gives the same text", 1UL);
    private static readonly Option<bool> Greedy = new("--greedy") { Description = "Always take the likeliest token" };
    private static readonly Option<bool> Json = new("--json") { Description = "Answer in JSON" };

    private static readonly Option<bool> Whole = new("--whole")
    {
        Description = "Do not cut a completion at the end of its first block",
    };

    public static Command Create()
    {
        var command = new Command("generate", "Continue a prompt with a model folder");
        Option[] options =
        [
            Folder,
            Spec,
            Checkpoint,
            Prompt,
            MaxNewTokens,
            Completions,
            TopK,
            TopP,
            Temperature,
            Seed,
            Greedy,
            Json,
            Whole,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(Folder) is null == result.GetValue(Spec) is null)
            {
                result.AddError("give --model, or --spec with --checkpoint");
            }
        });
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(environment =>
                {
                    FastProducts.Prepare(environment, static _ => { });
                    return result.GetValue(Folder) is { } folder
                        ? Task.Run(() => Generate(folder, result, token), token)
                        : GenerateFromRunAsync(environment, result, token);
                })
        );
        return command;
    }

    private static async Task GenerateFromRunAsync(
        PodEnvironment environment,
        ParseResult result,
        CancellationToken cancellationToken
    )
    {
        var manifest = ManifestReader.ReadFile(result.GetRequiredValue(Spec)!);
        using var store = new StoreAccess(environment, TimeProvider.System).OpenArtifacts(manifest.Spec.Store);
        var run = new RunStore(store, new RunLocation(manifest.Metadata.Namespace, manifest.Metadata.Name));
        var entry = await run.FindAsync(result.GetRequiredValue(Checkpoint), cancellationToken);
        var fetched = Directory.CreateTempSubdirectory("codeparrot-model-");
        try
        {
            await CheckpointVerifier.VerifyAsync(store, entry, cancellationToken);
            await StoreFolder.DownloadAsync(store, entry.Prefix, fetched.FullName, cancellationToken);
            Generate(fetched.FullName, result, cancellationToken);
        }
        finally
        {
            fetched.Delete(recursive: true);
        }
    }

    private static void Generate(string folder, ParseResult result, CancellationToken cancellationToken)
    {
        var tokenizer = BpeTokenizer.Load(folder);
        using var model = HuggingFaceFolder.Load(folder);
        if (tokenizer.VocabularySize > model.Config.VocabularySize)
        {
            throw new VocabularyMismatchException(tokenizer.VocabularySize, model.Config.VocabularySize);
        }

        var greedy = result.GetValue(Greedy);
        var options = new GenerationOptions
        {
            MaxNewTokens = result.GetRequiredValue(MaxNewTokens),
            Completions = result.GetRequiredValue(Completions),
            TopK = result.GetRequiredValue(TopK),
            TopP = result.GetRequiredValue(TopP),
            Temperature = result.GetRequiredValue(Temperature),
            Seed = result.GetRequiredValue(Seed),
            Greedy = greedy,
            StopIds = [tokenizer.EndOfTextId],
            VocabularySize = tokenizer.VocabularySize,
        };
        var prompt = result.GetRequiredValue(Prompt);
        var ids = tokenizer.Encode(prompt);
        // A model has seen end-of-text before each document: it stands for an empty prompt.
        var start = ids.Count > 0 ? ids : [tokenizer.EndOfTextId];
        var generated = new Generator(model).Generate(start, options, cancellationToken);
        var texts = generated.Completions.Select(c => tokenizer.Decode([.. c.Ids]));
        var shown = result.GetValue(Whole) ? texts : texts.Select(FirstBlock.Truncate);
        var completions = generated.Completions.Zip(
            shown,
            (c, text) =>
                new
                {
                    text,
                    ids = c.Ids,
                    stopped = c.IsStopped,
                }
        );
        if (result.GetValue(Json))
        {
            var answer = new
            {
                prompt,
                promptIds = start,
                droppedPromptTokens = generated.DroppedPromptTokens,
                completions,
            };
            Console.WriteLine(JsonSerializer.Serialize(answer, ContractJson.Indented));
            return;
        }

        foreach (var (index, completion) in completions.Index())
        {
            Console.WriteLine(options.Completions > 1 ? $"# --- completion {index + 1} of {options.Completions}" : "");
            Console.WriteLine(prompt + completion.text);
        }
    }

    private static Option<T> Number<T>(string name, string description, T unset) =>
        new(name) { Description = $"{description} (default {unset})", DefaultValueFactory = _ => unset };
}
