using CodeParrot.Contract.Estimate;
using CodeParrot.Contract.Manifest;
using CodeParrot.Model;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Stepping;
using TorchSharp;

namespace CodeParrot.Training.Tests.Accounting;

public sealed class RunAccountTests : IDisposable
{
    private static readonly Gpt2Config Config = new()
    {
        VocabularySize = 64,
        ContextLength = 16,
        Width = 16,
        Layers = 1,
        Heads = 2,
    };

    private readonly Gpt2 _model = new(Config);
    private readonly SteppedTime _time = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Utilisation_is_the_models_operations_over_those_of_all_devices()
    {
        // N without positions: 64·16 + 12·16² + 13·16 + 2·16 = 4336; attention 12·1·16·16 a token.
        var perToken = (6.0 * 4336) + (12 * 16 * 16);
        Assert.Equal(perToken, RunEstimate.OperationsPerToken(new ModelShape(64, 16, 16, 1, 2)));
        var account = AccountOf(worldSize: 4, new PeakRate(perToken * 100, "here"));

        account.Add(Step(), TimeSpan.FromSeconds(2), tokens: 400);

        Assert.Equal((200.0, 0.5), (account.TokensPerSecond, account.Mfu));
        Assert.Equal(0.5, account.Summarise(0).Mfu);
    }

    [Fact]
    public void Without_a_known_peak_there_is_no_utilisation()
    {
        var account = AccountOf(worldSize: 1, peak: null);

        account.Add(Step(), TimeSpan.FromSeconds(2), tokens: 400);

        Assert.Null(account.Mfu);
    }

    [Fact]
    public void Speed_is_that_of_the_last_twenty_steps()
    {
        var account = AccountOf(worldSize: 1, peak: null);

        account.Add(Step(), TimeSpan.FromSeconds(1000), tokens: 10);
        for (var i = 0; i < 20; i++)
        {
            account.Add(Step(wait: 0.25), TimeSpan.FromSeconds(1), tokens: 10);
        }

        Assert.Equal((10.0, 1.0, 0.25), (account.TokensPerSecond, account.SecondsPerStep, account.DataWait));
        Assert.Equal((21L, 210L), (account.Summarise(0).Steps, account.Summarise(0).Tokens));
    }

    [Fact]
    public void Goodput_counts_steps_that_are_kept_over_all_time_since_training_began()
    {
        var account = AccountOf(worldSize: 1, peak: null);
        _time.Advance(10);
        account.Add(Step(), TimeSpan.FromSeconds(4), tokens: 1);
        account.Add(Step(StepAction.Skip), TimeSpan.FromSeconds(4), tokens: 1);
        Assert.Equal(0.4, account.Goodput, 9);
        var state = account.Save();

        // Two more steps that nobody keeps, a crash, and an hour until the next attempt.
        account.Add(Step(), TimeSpan.FromSeconds(4), tokens: 1);
        _time.Advance(30);
        var next = new RunAccount(_model, peak: null, worldSize: 1, state, _time);
        next.Add(Step(), TimeSpan.FromSeconds(6), tokens: 1);

        Assert.Equal(10.0 / 40, next.Goodput, 9);
    }

    [Fact]
    public void Pauses_are_reported_once()
    {
        var account = AccountOf(worldSize: 1, peak: null);

        account.AddPause(TimeSpan.FromSeconds(2));
        account.AddPause(TimeSpan.FromSeconds(1));
        var reported = account.UnreportedPause;
        account.ClearPause();

        Assert.Equal((3.0, 0.0), (reported.TotalSeconds, account.UnreportedPause.TotalSeconds));
        Assert.Equal(1, account.CheckpointPause!.Value.TotalSeconds);
        Assert.Equal((2, 3.0), (account.Summarise(0).Checkpoints, account.Summarise(0).CheckpointPause.TotalSeconds));
    }

    [Fact]
    public void Memory_is_the_largest_this_process_ever_had()
    {
        var account = AccountOf(worldSize: 1, peak: null);

        account.Add(Step(), TimeSpan.FromSeconds(1), tokens: 1);

        using var self = System.Diagnostics.Process.GetCurrentProcess();
        Assert.InRange(account.Memory.HostBytes!.Value, self.WorkingSet64 / 2, self.PeakWorkingSet64);
        Assert.Null(account.Memory.DeviceBytes);
    }

    [Theory]
    [InlineData(Contract.Spec.Precision.Fp32)]
    [InlineData(Contract.Spec.Precision.Bf16)]
    public void A_cpu_s_peak_is_what_a_product_reaches(Contract.Spec.Precision precision)
    {
        var peak = PeakRate.Of(torch.CPU, precision)!;

        // From a busy core without vector units to a large server; nothing tighter holds on every machine.
        Assert.InRange(peak.OperationsPerSecond, 1e7, 1e15);
    }

    private RunAccount AccountOf(int worldSize, PeakRate? peak) => new(_model, peak, worldSize, state: null, _time);

    private static StepResult Step(StepAction action = StepAction.Update, double wait = 0) =>
        new()
        {
            Loss = 1,
            GradientNorm = 1,
            LearningRate = 1,
            Verdict = new StepVerdict(action),
            StopWanted = false,
            CheckpointWanted = false,
            Compute = default,
            Waiting = default,
            DataWait = TimeSpan.FromSeconds(wait),
            Straggler = null,
        };
}
