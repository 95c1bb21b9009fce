namespace CodeParrot.Model.Tests.Native;

public sealed class NativeScalarTests
{
    private const int Steps = 200;

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void A_collection_at_any_moment_changes_no_loss(Precision precision)
    {
        var undisturbed = Losses(precision);

        var disturbed = WhileCollecting(() => Losses(precision));

        Assert.Equal(undisturbed, disturbed);
    }

    private static List<double> Losses(Precision precision)
    {
        using var model = TinyModel.New(config: TinyModel.Config with { ScaleAttentionByInverseLayer = true });
        using var optimiser = new AdamW(model, new AdamWOptions());
        using var batch = TinyModel.Batch();
        var losses = new List<double>();
        for (var step = 0; step < Steps; step++)
        {
            optimiser.ZeroGradients();
            losses.Add(model.ForwardBackward(batch, TinyModel.Micro(precision: precision)));
            optimiser.Step(1e-3, AdamW.ClipFactor(optimiser.GradientNorm(), 0.1));
            losses.Add(model.Loss(batch));
        }

        return losses;
    }

    private static T WhileCollecting<T>(Func<T> action)
    {
        var isOver = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            return action();
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            collector.Join();
        }
    }
}
