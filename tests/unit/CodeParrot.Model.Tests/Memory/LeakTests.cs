using System.Diagnostics;
using CodeParrot.Model.Generation;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model.Tests.Memory;

public class LeakTests
{
    private const int WarmUpSteps = 250;
    private const int Steps = 500;

    // A leaked activation of this model is 60 KB a step and so 30 MB over the test; the allocator itself wanders by a
    // few MB.
    private const long AllowedGrowthBytes = 8 << 20;

    [Fact]
    public void Five_hundred_steps_leave_no_tensor_and_no_memory_behind()
    {
        var config = TinyModel.Config with { Width = 48, ContextLength = 64 };
        using var model = TinyModel.New(dropout: 0.1, config: config);
        using var optimiser = new AdamW(model, new AdamWOptions());
        using var batch = TinyModel.Batch(2, 64);
        void Train(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                optimiser.ZeroGradients();
                model.ForwardBackward(batch, TinyModel.Micro(recompute: step % 2 == 0), _ => { });
                optimiser.Step(1e-3, AdamW.ClipFactor(optimiser.GradientNorm(), 1));
                model.Loss(batch);
            }
        }

        Train(WarmUpSteps);
        // What other tests have left to the collector must not go meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (tensors, memory, managed) = (LiveTensors(), ResidentBytes(), GC.GetTotalAllocatedBytes());
        Train(Steps);

        Assert.Equal(tensors, LiveTensors());
        // The young generation may hold all that was allocated on it meanwhile: that is no leak.
        var explained = GC.GetTotalAllocatedBytes() - managed;
        Assert.InRange(ResidentBytes() - memory - explained, long.MinValue, AllowedGrowthBytes);
    }

    [Fact]
    public void Disposing_a_model_and_its_optimiser_frees_every_tensor()
    {
        var before = LiveTensors();

        using (var model = TinyModel.New())
        using (var optimiser = new AdamW(model, new AdamWOptions()))
        {
            optimiser.ZeroGradients();
            optimiser.Step(1e-3);
        }

        Assert.Equal(before, LiveTensors());
    }

    [Fact]
    public void Disposing_twice_frees_once_and_use_afterwards_is_refused()
    {
        var before = LiveTensors();
        var model = TinyModel.New();
        var optimiser = new AdamW(model, new AdamWOptions());
        var cache = new KeyValueCache(model.Config, batch: 1, capacity: 4, model.TokenEmbedding_VC);
        using var batch = TinyModel.Batch();
        model.ForwardBackward(batch, TinyModel.Micro());

        foreach (var owner in new IDisposable[] { cache, cache, optimiser, optimiser, model, model })
        {
            owner.Dispose();
        }

        Assert.Equal((before.Objects + 1, before.Handles), LiveTensors());
        Assert.Throws<InvalidOperationException>(() => optimiser.Step(1));
        Assert.ThrowsAny<Exception>(() => model.Loss(batch));
    }

    [Fact]
    public void A_model_outlives_the_scope_it_was_made_in()
    {
        Gpt2 model;
        using (torch.NewDisposeScope())
        {
            model = TinyModel.New();
            _ = model.Gradients;
        }

        using (model)
        using (var batch = TinyModel.Batch())
        {
            Assert.InRange(model.ForwardBackward(batch, TinyModel.Micro()), 3.9, 4.4);
        }
    }

    // Those with an object of TorchSharp, and those held by bare handles.
    private static (long Objects, long Handles) LiveTensors() => (torch.Tensor.TotalCount, LibTorch.LiveTensors);

    private static long ResidentBytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
