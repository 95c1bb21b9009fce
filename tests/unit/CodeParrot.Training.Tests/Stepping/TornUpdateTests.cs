using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Training.Stepping;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Stepping;

public class TornUpdateTests
{
    [Fact]
    public void An_update_that_a_lost_rank_ends_in_the_middle_is_torn_and_one_before_it_is_not()
    {
        var torn = new (bool Before, bool After)[2];

        var errors = Ranks.Catch(
            2,
            group =>
            {
                using var model = new Gpt2(
                    new Gpt2Config
                    {
                        VocabularySize = 64,
                        ContextLength = 16,
                        Width = 16,
                        Layers = 1,
                        Heads = 2,
                    }
                );
                model.Initialise(seed: 1);
                var sharding = new Sharding(new() { OptimizerSharding = true }, model, group);
                using var optimiser = new AdamW(model, new AdamWOptions(), sharding.UpdatedSlices);
                var exchange = new DyingExchange(group, diesAt: group.Rank == 1 ? 2 : int.MaxValue);
                using var update = new ParameterUpdate(model, optimiser, sharding, group, exchange);
                try
                {
                    for (var step = 0; step < 2; step++)
                    {
                        update.Begin();
                        update.Finish();
                        torn[group.Rank].Before = update.IsTorn;
                        update.Apply(learningRate: 0.1, gradientFactor: 1);
                    }
                }
                finally
                {
                    torn[group.Rank].After = update.IsTorn;
                }
            }
        );

        Assert.IsType<PeerLostException>(errors[0]);
        Assert.Equal([(false, true), (false, true)], torn);
    }
}
