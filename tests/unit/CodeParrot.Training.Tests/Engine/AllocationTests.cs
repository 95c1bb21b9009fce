using CodeParrot.Contract.Runtime;
using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Metrics;
using CodeParrot.Training.Stepping;
using CodeParrot.Training.Tests.Accounting;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public sealed class AllocationTests : IDisposable
{
    private const int Steps = 100;

    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void What_the_engine_does_around_a_step_allocates_nothing()
    {
        var time = new SteppedTime();
        using var model = new Gpt2(
            new Gpt2Config
            {
                VocabularySize = 8,
                ContextLength = 4,
                Width = 4,
                Heads = 1,
                Layers = 1,
            }
        );
        var guard = new StepGuard(_run.Spec.Training.Guards, Contract.Spec.Precision.Fp16);
        var account = new RunAccount(model, new PeakRate(1e12, ""), worldSize: 4, state: null, time);
        var context = _run.ContextOf(new SingleProcessGroup(), 1, long.MaxValue) with
        {
            Observer = new DeafObserver(),
            Time = time,
        };
        var reporter = new ProgressReporter(context);
        reporter.Attach(account, guard);
        Directory.CreateDirectory(context.WorkFolder);
        using var metrics = MetricsFile.Open(context.WorkFolder, [], 0);
        using var events = EventFile.Create(context.WorkFolder, attempt: 1, round: 1, firstStep: 1, time.GetUtcNow());
        var scalars = new ScalarList();
        var watch = new StragglerWatch(4);
        double[] seconds = [1, 1, 2, 1];
        for (var step = 0; step < Steps; step++)
        {
            Around(step);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = Steps; step < 2 * Steps; step++)
        {
            Around(step);
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);

        void Around(int step)
        {
            seconds[0] = watch.Note(TimeSpan.FromSeconds(1));
            var result = new StepResult
            {
                Loss = 3,
                GradientNorm = 1,
                LearningRate = 1,
                Verdict = guard.Judge(3, 1),
                StopWanted = false,
                CheckpointWanted = false,
                Compute = TimeSpan.FromSeconds(1),
                Waiting = TimeSpan.Zero,
                DataWait = TimeSpan.Zero,
                Straggler = watch.Find(seconds),
            };
            account.Add(result, TimeSpan.FromSeconds(1), tokens: 64);
            var facts = new StepFacts
            {
                Step = step,
                Loss = 3,
                GradientNorm = 1,
                LearningRate = 1,
                Tokens = 64,
                Duration = TimeSpan.FromSeconds(1),
                Compute = TimeSpan.FromSeconds(1),
                Waiting = TimeSpan.Zero,
            };
            reporter.Step(RunPosition.Start with { Step = step }, facts);
            var row = new MetricsRow
            {
                Steps = step,
                Samples = step,
                Tokens = step,
                LearningRate = 1,
                Loss = 3.123,
                GradientNorm = 1,
                TokensPerSecond = account.TokensPerSecond,
                Mfu = account.Mfu,
                Time = time.GetUtcNow(),
                Straggler = result.Straggler,
                LossScale = guard.LossScale,
            };
            scalars.Take(row);
            metrics.Append(row, scalars);
            events.Append(row, scalars);
        }
    }

    private sealed class DeafObserver : ITrainingObserver
    {
        public void Progress(RunProgress progress) { }

        public void Information(string message) { }

        public void Warning(string message) { }

        public void StepFinished(in StepFacts facts) { }

        public void Summary(AttemptSummary summary) { }

        public void CheckpointCommitted(CheckpointSummary checkpoint) { }
    }
}
