using CodeParrot.Model;
using CodeParrot.Model.Native;

namespace CodeParrot.Parity.Tests.Training;

/// <summary>Compares weights after the reference's 20 steps, where they are determined at all.</summary>
internal static class TrainedWeights
{
    // In fp32 a weight of 1 to 4 lies 1.2e-7 to 2.4e-7 from the next, and 20 updates round as often. Torch itself is up
    // to 4.5e-7 from the exact weights, on LayerNorms; the largest step of a weight is 4e-3.
    private const float Tolerance = 1e-6f;

    /// <summary>Whether a parameter is one of the biases of attention's keys.</summary>
    /// <remarks>
    /// Such a bias adds the same to all scores of a query, which softmax takes away: its gradient is zero. In fp32 the
    /// terms that cancel leave some 1e-10. Adam's epsilon of 1e-8 is but forty times as large, so a step of a fortieth
    /// of the rate follows from nothing but the order of sums. Twenty of them have led 2e-4 apart.
    /// </remarks>
    public static IEnumerable<ParameterRange> KeyBiases(ParameterSlot slot) =>
        slot.Name.EndsWith("c_attn.bias", StringComparison.Ordinal)
            ? [new(slot.Offset + (slot.Count / 3), slot.Count / 3)]
            : [];

    /// <summary>What of a parameter the steps determine: all but the biases of attention's keys.</summary>
    public static IEnumerable<ParameterRange> Determined(ParameterSlot slot) =>
        KeyBiases(slot).ToArray() is [var keys]
            ? [new(slot.Offset, keys.Count), new(keys.End, keys.Count)]
            : [slot.Range];

    /// <summary>Fails where weights differ by more than rounding.</summary>
    /// <param name="expected">The reference's weights.</param>
    /// <param name="trained">Others, for as many positions or fewer.</param>
    public static void AssertNear(Gpt2 expected, Gpt2 trained)
    {
        foreach (var slot in trained.Layout)
        {
            var shift = expected.Layout.Single(s => s.Name == slot.Name).Offset - slot.Offset;
            foreach (var range in Determined(slot))
            {
                var actual = LibTorch.Span<float>(trained.Parameters, range.Offset, (int)range.Count);
                var wanted = LibTorch.Span<float>(expected.Parameters, range.Offset + shift, (int)range.Count);
                for (var i = 0; i < actual.Length; i++)
                {
                    Assert.True(
                        Math.Abs(actual[i] - wanted[i]) <= Tolerance,
                        $"{slot.Name}, element {range.Offset - slot.Offset + i}: expected {wanted[i]}, was {actual[i]}"
                    );
                }
            }
        }
    }
}
