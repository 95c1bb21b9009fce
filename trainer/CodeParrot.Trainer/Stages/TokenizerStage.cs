using System.Security.Cryptography;
using System.Text;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Objectives;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Storage;
using CodeParrot.Tokenizer;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Stages;

/// <summary>
/// Documents → a tokenizer, and token shards made with it: of all documents, or where they are encoded while they are
/// trained on, of those held out.
/// </summary>
internal static class TokenizerStage
{
    // Changes whenever training or the files would come out differently from the same inputs.
    private const int FormatVersion = 1;

    public static async Task<StageResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.StopRequested);
        var lineage = await context.ReadLineageAsync(stop.Token);
        if (lineage.Corpus.Length == 0)
        {
            var mistake = new SpecMistake("", "names no corpus; run the stage corpus first");
            throw new ManifestException(context.LineageKey, [mistake]);
        }

        var corpus = await CorpusDocuments.ReadManifestAsync(context.Store, lineage.Corpus, stop.Token);
        var readyMade = corpus.Inputs.Format == Corpus.Readers.CorpusFormat.Tokens;
        var (prefix, tokenizer) =
            readyMade && context.Spec.Tokenizer.From is null
                ? ("", null)
                : await FindOrMakeAsync(context, lineage, stop.Token);
        IDocumentEncoder encoder = tokenizer is null
            ? new ReadyMadeIds(await VocabularySizeAsync(context, stop.Token))
            : new TokenizerEncoder(tokenizer);
        var progress = new StageProgress(context, "documents");
        var options = new EncoderOptions
        {
            WorkFolder = context.Environment.WorkFolder,
            HeldOutOnly = context.Spec.Training.Data.Order == DataOrder.Streamed,
        };
        var tokens = await CorpusEncoder.EncodeAsync(
            context.Store,
            lineage.Corpus,
            encoder,
            options,
            progress,
            stop.Token
        );
        await context.WriteLineageAsync(lineage with { Tokenizer = prefix, Tokens = tokens.Prefix }, stop.Token);
        return Describe(context, prefix, tokenizer, tokens);
    }

    // Ready-made ids must be those of the model that is trained on them.
    private static async Task<int> VocabularySizeAsync(StageContext context, CancellationToken cancellationToken)
    {
        if (context.Spec.Model.From is not { } from)
        {
            return context.Spec.Model.VocabularySize!.Value;
        }

        using var folder = context.Access.OpenInput(context.Spec.Store, from);
        var config = await folder.ReadBytesAsync(HuggingFaceFolder.ConfigFile, cancellationToken);
        return HuggingFaceConfig.ReadConfig(config, $"{from}/{HuggingFaceFolder.ConfigFile}").VocabularySize;
    }

    private static async Task<(string Prefix, BpeTokenizer? Tokenizer)> FindOrMakeAsync(
        StageContext context,
        RunLineage lineage,
        CancellationToken cancellationToken
    )
    {
        var spec = context.Spec.Tokenizer;
        var modelMaxLength = context.Spec.Model.ContextLength ?? SpecResolver.DefaultContextLength;
        var special = SpecialTokens.Of(context.Spec.Training.Objective, modelMaxLength);
        // A folder that someone else keeps may change under its name: it is read first, and named by what it holds.
        var fetched = spec.From is { } uri ? await FetchAsync(context, uri, cancellationToken) : null;
        if (fetched is not null)
        {
            RequireSpecialTokens(fetched, special, context.Spec);
        }

        var inputs = fetched is not null
            ? fetched.Digest
            : $"{lineage.Corpus}\n{spec.Train!.VocabularySize}\n{spec.Train.Documents}"
                + string.Concat(special.Select(name => "\n" + name));
        var hash = Hash($"{FormatVersion}\n{inputs}\n{modelMaxLength}");
        var prefix = StorePaths.Tokenizer(hash);
        var folder = Path.Combine(context.Environment.WorkFolder, "tokenizer-" + hash);
        // The README is written last: with it every file of the folder is there.
        if (await context.Store.FindAsync(prefix + "/README.md", cancellationToken) is not null)
        {
            await StoreFolder.DownloadAsync(context.Store, prefix, folder, cancellationToken);
            return (prefix, BpeTokenizer.Load(folder));
        }

        var tokenizer = fetched ?? await TrainAsync(context, special, lineage.Corpus, cancellationToken);
        tokenizer.Save(folder, modelMaxLength);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "README.md"),
            Card(tokenizer, lineage, spec),
            cancellationToken
        );
        await StoreFolder.UploadAsync(context.Store, folder, prefix, last: "README.md", cancellationToken);
        return (prefix, tokenizer);
    }

    private static string Hash(string inputs) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inputs)))[..16];

    private static async Task<BpeTokenizer> TrainAsync(
        StageContext context,
        IReadOnlyList<string> special,
        string corpus,
        CancellationToken cancellationToken
    )
    {
        var spec = context.Spec.Tokenizer.Train!;
        var trainer = new BpeTrainer(
            new BpeTrainerOptions
            {
                VocabularySize = spec.VocabularySize,
                MaxDocuments = spec.Documents,
                SpecialTokens = [BpeTokenizer.EndOfText, .. special],
            }
        );
        var documents = CorpusDocuments.ReadAsync(context.Store, corpus, CorpusSplit.Train, cancellationToken);
        await foreach (var document in documents)
        {
            trainer.Add(document.Content);
            context.Report("counting words", trainer.DocumentCount, 0, "documents");
            if (trainer.IsFull)
            {
                break;
            }
        }

        var tokenizer = trainer.Train(new StageProgress(context, "tokens"), cancellationToken);
        if (tokenizer.VocabularySize < spec.VocabularySize)
        {
            context.Log.Warn(
                $"the corpus yields {tokenizer.VocabularySize} tokens only, {spec.VocabularySize} were asked for; "
                    + "the model keeps the size asked for"
            );
        }

        return tokenizer;
    }

    private static void RequireSpecialTokens(BpeTokenizer tokenizer, IReadOnlyList<string> special, RunSpec spec)
    {
        var missing = special.Where(name => !tokenizer.SpecialTokens.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            var mistake = new SpecMistake(
                "spec.tokenizer.from",
                $"must have the special tokens of {spec.Training.Objective}: {missing[0]} is missing"
                    + (missing.Count > 1 ? $", and {missing.Count - 1} more up to {missing[^1]}" : "")
                    + "; add them as special tokens, leave out spec.tokenizer.from to train one that has them, or use "
                    + "CausalLm"
            );
            throw new ManifestException(spec.Tokenizer.From!, [mistake]);
        }
    }

    private static async Task<BpeTokenizer> FetchAsync(
        StageContext context,
        string uri,
        CancellationToken cancellationToken
    )
    {
        using var source = context.Access.OpenInput(context.Spec.Store, uri);
        var fetched = Path.Combine(context.Environment.WorkFolder, "tokenizer-fetched");
        await StoreFolder.DownloadAsync(source, "", fetched, cancellationToken);
        return BpeTokenizer.Load(fetched);
    }

    private static string Card(BpeTokenizer tokenizer, RunLineage lineage, TokenizerSpec spec) =>
        $"""
            # A byte-level BPE tokenizer

            {tokenizer.VocabularySize} tokens: {Special(tokenizer)}, 256 bytes, and merges in the order they were
            learnt.
            {(
                spec.From is { } from
                    ? $"Taken from {from}."
                    : $"Trained on {lineage.Corpus}, at most {spec.Train!.Documents} documents."
            )}
            SHA-256 over vocabulary and merges: {tokenizer.Digest}
            """
        + "\n";

    private static string Special(BpeTokenizer tokenizer) =>
        tokenizer.SpecialTokens.Count == 1
            ? "end of text"
            : $"end of text and {tokenizer.SpecialTokens.Count - 1} special tokens of the run's objective";

    private static StageResult Describe(
        StageContext context,
        string prefix,
        BpeTokenizer? tokenizer,
        TokensResult tokens
    )
    {
        var message =
            (tokenizer is null ? "ready-made tokens" : $"{tokenizer.VocabularySize} tokens in {prefix}")
            + (
                tokens.Manifest.HeldOutOnly
                    ? $"; {tokens.ValidationTokens} tokens held out, in {tokens.Prefix}; "
                        + "the others are encoded while they are trained on"
                    : $"; {tokens.TrainTokens} tokens to train on, {tokens.ValidationTokens} held out, "
                        + $"in {tokens.Prefix}"
            );
        context.Log.Say(message);
        context.Report(message, tokens.TrainDocuments, tokens.TrainDocuments, "documents", now: true);
        var outputs = new Dictionary<string, string>
        {
            ["tokenizer"] = prefix,
            ["tokens"] = tokens.Prefix,
            ["validationTokens"] = $"{tokens.ValidationTokens}",
        };
        if (!tokens.Manifest.HeldOutOnly)
        {
            outputs["trainTokens"] = $"{tokens.TrainTokens}";
        }

        return new StageResult(ExitCode.Done, message, outputs);
    }
}
