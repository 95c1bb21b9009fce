using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model;

/// <summary>
/// Sum of squares in fp64 over ranges of a flat fp32 buffer, whose memory it does not own. Torch's own norm over 111M
/// values in fp32 is 1.2 % too small, and clipping would be off by as much.
/// </summary>
public sealed unsafe class FlatNorm
{
    private const int ChunkElements = 1 << 20;

    private readonly torch.Tensor _flat;

    // Pinned, as torch's threads read and write them.
    private readonly ParameterRange[] _chunks;
    private readonly double[] _sums;

    /// <summary>Measures these ranges, whenever it is asked to.</summary>
    public FlatNorm(torch.Tensor flat, IEnumerable<ParameterRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(flat);
        ArgumentNullException.ThrowIfNull(ranges);
        _flat = flat;
        var chunks = ranges.SelectMany(Chunks).ToList();
        _chunks = GC.AllocateUninitializedArray<ParameterRange>(chunks.Count, pinned: true);
        chunks.CopyTo(_chunks);
        _sums = GC.AllocateArray<double>(chunks.Count, pinned: true);
    }

    /// <summary>
    /// Sum of squares as the buffer is now; the same bits on any number of threads. Not finite if a value is not.
    /// Allocates nothing.
    /// </summary>
    public double SumOfSquares() => _flat.device_type == DeviceType.CPU ? OnHost() : OnDevice();

    private double OnHost()
    {
        var values = LibTorch.Span<float>(_flat, 0, 0);
        fixed (float* first = &MemoryMarshal.GetReference(values))
        fixed (ParameterRange* chunks = _chunks)
        fixed (double* sums = _sums)
        {
            var work = new HostWork(first, chunks, sums);
            if (torch.get_num_threads() == 1 || _chunks.Length == 1)
            {
                Measure(0, _chunks.Length, work);
            }
            else
            {
                LibTorch.ParallelFor(_chunks.Length, &MeasurePiece, &work);
            }
        }

        GC.KeepAlive(_flat);
        var total = 0.0;
        foreach (var sum in _sums)
        {
            total += sum;
        }

        return total;
    }

    private double OnDevice()
    {
        using var scope = TensorScope.Open();
        using var noGradient = GradientMode.Off();
        var flat = NativeTensor.Share(_flat);
        var total = flat.NewZeros(torch.ScalarType.Float64, 1);
        foreach (var chunk in _chunks)
        {
            using var inner = TensorScope.Open();
            var wide = flat.Narrow(0, chunk.Offset, chunk.Count).To(torch.ScalarType.Float64);
            total.Add_(wide.Dot(wide));
        }

        return HostRead.ValueOf(total);
    }

    private static IEnumerable<ParameterRange> Chunks(ParameterRange range)
    {
        for (var start = range.Offset; start < range.End; start += ChunkElements)
        {
            yield return new(start, Math.Min(ChunkElements, range.End - start));
        }
    }

    [UnmanagedCallersOnly]
    private static void MeasurePiece(long begin, long end, void* work) => Measure(begin, end, *(HostWork*)work);

    private static void Measure(long begin, long end, HostWork work)
    {
        for (var i = begin; i < end; i++)
        {
            var chunk = work.Chunks[i];
            work.Sums[i] = SumOfSquares(new ReadOnlySpan<float>(work.Values + chunk.Offset, (int)chunk.Count));
        }
    }

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var (low, high) = (Vector512<double>.Zero, Vector512<double>.Zero);
        var i = 0;
        for (; i <= values.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var (a, b) = Vector512.Widen(Vector512.Create(values[i..]));
            low = Vector512.FusedMultiplyAdd(a, a, low);
            high = Vector512.FusedMultiplyAdd(b, b, high);
        }

        var sum = Vector512.Sum(low + high);
        for (; i < values.Length; i++)
        {
            sum += (double)values[i] * values[i];
        }

        return sum;
    }

    // What the pieces share: the buffer, and for each chunk its place and its sum.
    [StructLayout(LayoutKind.Auto)]
    private readonly struct HostWork(float* values, ParameterRange* chunks, double* sums)
    {
        public readonly float* Values = values;
        public readonly ParameterRange* Chunks = chunks;
        public readonly double* Sums = sums;
    }
}
