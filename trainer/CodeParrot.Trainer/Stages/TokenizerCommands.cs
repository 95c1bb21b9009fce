using System.CommandLine;
using System.Text.Json;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Readers;
using CodeParrot.Tokenizer;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Stages;

/// <summary><c>trainer tokenizer train|encode</c>: the stage, and the tokenizer as a tool of its own.</summary>
internal static class TokenizerCommands
{
    public static Command Create() =>
        new("tokenizer", "Byte-level BPE: train a tokenizer, encode with it") { CreateTrain(), CreateEncode() };

    private static Command CreateTrain()
    {
        var spec = new Option<string?>("--spec", "-f") { Description = "A run whose tokenizer stage this is" };
        var set = new Option<string[]>("--set")
        {
            Description = "With --spec: path=value",
            DefaultValueFactory = _ => [],
        };
        var input = new Option<string?>("--input") { Description = "Without --spec: the documents, a path or URI" };
        var size = new Option<int>("--vocabulary-size")
        {
            Description = "Tokens in all",
            DefaultValueFactory = _ => new TokenizerTrainSpec().VocabularySize,
        };
        var output = new Option<string?>("--output") { Description = "Folder for the tokenizer's files" };
        var include = new Option<string>("--include")
        {
            Description = "Files to read",
            DefaultValueFactory = _ => "*.py",
        };
        var documents = new Option<long?>("--documents") { Description = "Most documents to learn from" };
        var command = new Command("train", "Train a tokenizer") { spec, set, input, size, output, include, documents };
        command.Validators.Add(result =>
        {
            var alone = result.GetValue(input) is not null && result.GetValue(output) is not null;
            if (result.GetValue(spec) is null && !alone)
            {
                result.AddError("give --spec, or --input with --output");
            }
        });
        command.SetAction(
            (result, token) =>
                result.GetValue(spec) is { } file
                    ? new StageHost(StageNames.Tokenizer, file, result.GetRequiredValue(set)).RunAsync(
                        TokenizerStage.RunAsync
                    )
                    : CommandHost.RunAsync(environment =>
                    {
                        var options = SourceDocuments.Everything with { Include = result.GetRequiredValue(include) };
                        var trainerOptions = new BpeTrainerOptions
                        {
                            VocabularySize = result.GetRequiredValue(size),
                            MaxDocuments = result.GetValue(documents),
                        };
                        var access = new StoreAccess(environment, TimeProvider.System);
                        var uri = result.GetRequiredValue(input)!;
                        var source = CorpusSource.Open(access.InputOptions(new StoreSpec(), uri), TimeProvider.System);
                        return TrainAsync(trainerOptions, source, options, result.GetRequiredValue(output)!, token);
                    })
        );
        return command;
    }

    private static async Task TrainAsync(
        BpeTrainerOptions options,
        ISourceTree source,
        Corpus.CorpusOptions sourceOptions,
        string output,
        CancellationToken cancellationToken
    )
    {
        using var owned = source;
        var mistakes = options.Validate().Select(m => new SpecMistake("", m)).ToList();
        if (mistakes.Count > 0)
        {
            throw new ManifestException("--vocabulary-size", mistakes);
        }

        var trainer = new BpeTrainer(options);
        await foreach (var document in SourceDocuments.ReadAsync(source, sourceOptions, cancellationToken))
        {
            trainer.Add(document.Content);
            if (trainer.IsFull)
            {
                break;
            }
        }

        var tokenizer = trainer.Train(progress: null, cancellationToken);
        tokenizer.Save(output, SpecResolver.DefaultContextLength);
        var answer = new
        {
            output = Path.GetFullPath(output),
            documents = trainer.DocumentCount,
            vocabularySize = tokenizer.VocabularySize,
            digest = tokenizer.Digest,
        };
        Console.WriteLine(JsonSerializer.Serialize(answer, ContractJson.Indented));
    }

    private static Command CreateEncode()
    {
        var folder = new Option<string>("--tokenizer") { Description = "Folder with tokenizer.json", Required = true };
        var command = new Command("encode", "JSON lines {\"content\": …} on standard input become {\"ids\": […]}")
        {
            folder,
        };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(async _ =>
                {
                    var tokenizer = BpeTokenizer.Load(result.GetRequiredValue(folder));
                    await TokenizerLines.EncodeAsync(
                        tokenizer,
                        Console.OpenStandardInput(),
                        Console.OpenStandardOutput(),
                        token
                    );
                })
        );
        return command;
    }
}
