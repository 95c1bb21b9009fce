using System.CommandLine;
using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Evaluation;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Stages;

/// <summary><c>trainer evaluate</c>: the stage of a run, or a model folder on a file of tokens.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var spec = new Option<string?>("--spec", "-f") { Description = "A run whose evaluate stage this is" };
        var set = new Option<string[]>("--set")
        {
            Description = "With --spec: path=value",
            DefaultValueFactory = _ => [],
        };
        var model = new Option<string?>("--model") { Description = "A Hugging Face folder" };
        var tokens = new Option<string?>("--tokens") { Description = "JSON lines {\"ids\": […]}, each a sequence" };
        var batch = new Option<int>("--batch-size") { Description = "Sequences at once", DefaultValueFactory = _ => 8 };
        var command = new Command("evaluate", "Loss and perplexity of a model") { spec, set, model, tokens, batch };
        batch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--batch-size must be at least 1");
            }
        });
        command.Validators.Add(result =>
        {
            var alone = result.GetValue(model) is not null && result.GetValue(tokens) is not null;
            if (result.GetValue(spec) is null && !alone)
            {
                result.AddError("give --spec, or --model with --tokens");
            }
        });
        command.SetAction(
            (result, token) =>
                result.GetValue(spec) is { } file
                    ? new StageHost(StageNames.Evaluate, file, result.GetRequiredValue(set)).RunAsync(
                        EvaluateStage.RunAsync
                    )
                    : CommandHost.RunAsync(environment =>
                    {
                        FastProducts.Prepare(environment, static _ => { });
                        return Task.Run(
                            () =>
                                Evaluate(
                                    result.GetValue(model)!,
                                    result.GetValue(tokens)!,
                                    result.GetRequiredValue(batch),
                                    token
                                ),
                            token
                        );
                    })
        );
        return command;
    }

    private static void Evaluate(string folder, string tokens, int batchSize, CancellationToken cancellationToken)
    {
        using var model = HuggingFaceFolder.Load(folder);
        var result = TokensFileEvaluator.Evaluate(model, tokens, batchSize, cancellationToken);
        var answer = new
        {
            loss = result.Loss,
            perplexity = result.Perplexity,
            tokens = result.Tokens,
            sequences = result.Sequences,
            skipped = result.Skipped,
        };
        Console.WriteLine(JsonSerializer.Serialize(answer, ContractJson.Indented));
    }
}
