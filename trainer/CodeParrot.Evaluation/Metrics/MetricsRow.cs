namespace CodeParrot.Evaluation.Metrics;

/// <summary>What a line of metrics.jsonl says about the loss.</summary>
/// <param name="Step">Optimiser steps done (<c>steps</c>).</param>
/// <param name="Tokens">Tokens trained on so far (<c>tokens</c>).</param>
/// <param name="TrainingLoss">Nats (<c>loss/train</c>), if the line has it.</param>
/// <param name="HeldOutLoss">Nats (<c>loss/eval</c>), if the line has it.</param>
public sealed record MetricsRow(long Step, long Tokens, double? TrainingLoss, double? HeldOutLoss);
