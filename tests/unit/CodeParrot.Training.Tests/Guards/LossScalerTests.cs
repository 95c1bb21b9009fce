using CodeParrot.Training.Guards;

namespace CodeParrot.Training.Tests.Guards;

public class LossScalerTests
{
    [Fact]
    public void Doubles_after_two_thousand_good_steps_in_a_row()
    {
        var scaler = new LossScaler();

        Succeed(scaler, 1999);
        Assert.Equal(65536, scaler.Scale);
        Assert.True(scaler.TryShrink());
        Succeed(scaler, 1999);
        Assert.Equal(32768, scaler.Scale);
        Succeed(scaler, 1);

        Assert.Equal((65536, 0), (scaler.Scale, scaler.GoodSteps));
    }

    [Fact]
    public void Shrinks_no_further_than_one()
    {
        var scaler = new LossScaler();
        scaler.Restore(2, 7);

        Assert.True(scaler.TryShrink());
        Assert.False(scaler.TryShrink());

        Assert.Equal((1, 0), (scaler.Scale, scaler.GoodSteps));
    }

    [Fact]
    public void Grows_no_further_than_the_numbers_of_the_gradient()
    {
        var scaler = new LossScaler();
        scaler.Restore(Math.Pow(2, 127), 1999);

        Succeed(scaler, 1);

        Assert.Equal(Math.Pow(2, 127), scaler.Scale);
    }

    private static void Succeed(LossScaler scaler, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            scaler.Succeed();
        }
    }
}
