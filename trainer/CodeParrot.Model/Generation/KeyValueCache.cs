using CodeParrot.Model.Native;
using static TorchSharp.torch;

namespace CodeParrot.Model.Generation;

// B batch, T time, H heads, D head size

/// <summary>
/// Keys and values of all tokens seen so far, one pair of tensors [B, H, capacity, D] per block, allocated once. A pass
/// appends to each block in turn and then calls <see cref="Advance"/>.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly NativeTensor[] _keys;
    private readonly NativeTensor[] _values;

    private readonly Gpt2Config _config;

    /// <summary>An empty cache on the device of a model's tensor.</summary>
    public KeyValueCache(Gpt2Config config, int batch, int capacity, NativeTensor like)
    {
        _config = config;
        Capacity = capacity;
        using var scope = TensorScope.Open();
        NativeTensor New() => like.NewEmpty(ScalarType.Float32, batch, config.Heads, capacity, config.HeadSize).Keep();
        _keys = [.. Enumerable.Range(0, config.Layers).Select(_ => New())];
        _values = [.. Enumerable.Range(0, config.Layers).Select(_ => New())];
    }

    /// <summary>Number of tokens in the cache.</summary>
    public int Length { get; private set; }

    /// <summary>Largest number of tokens it holds.</summary>
    public int Capacity { get; }

    /// <summary>
    /// Writes the new keys and values behind the old ones, and returns views of all: [B, H, length + T, D].
    /// </summary>
    public (NativeTensor Keys_BHTD, NativeTensor Values_BHTD) Append(
        int layer,
        NativeTensor keys_BHTD,
        NativeTensor values_BHTD
    )
    {
        var time = keys_BHTD.Size(2);
        System.Diagnostics.Debug.Assert(time == 1 || Length == 0, "a longer piece needs a mask of its own");
        return (Append(_keys[layer], keys_BHTD, time), Append(_values[layer], values_BHTD, time));
    }

    /// <summary>Counts the tokens that every block has appended.</summary>
    public void Advance(int time) => Length += time;

    /// <summary>Forgets all tokens, and starts every row with what one row of another cache holds.</summary>
    public void CopyFrom(KeyValueCache single)
    {
        Length = single.Length;
        using var scope = TensorScope.Open();
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            Filled(_keys[layer]).Copy_(Filled(single._keys[layer]));
            Filled(_values[layer]).Copy_(Filled(single._values[layer]));
        }
    }

    /// <summary>A cache of the same capacity with some of the rows, in this order; the caller disposes it.</summary>
    public KeyValueCache Rows(IReadOnlyList<int> rows)
    {
        var some = new KeyValueCache(_config, rows.Count, Capacity, _keys[0]) { Length = Length };
        using var scope = TensorScope.Open();
        for (var row = 0; row < rows.Count; row++)
        {
            for (var layer = 0; layer < _keys.Length; layer++)
            {
                using var inner = TensorScope.Open();
                some.Filled(some._keys[layer]).Narrow(0, row, 1).Copy_(Filled(_keys[layer]).Narrow(0, rows[row], 1));
                some.Filled(some._values[layer])
                    .Narrow(0, row, 1)
                    .Copy_(Filled(_values[layer]).Narrow(0, rows[row], 1));
            }
        }

        return some;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stores in new[] { _keys, _values })
        {
            Array.ForEach(stores, store => store.Free());
            Array.Clear(stores);
        }
    }

    private NativeTensor Filled(NativeTensor store) => store.Narrow(2, 0, Length);

    private NativeTensor Append(NativeTensor store, NativeTensor fresh, long time)
    {
        store.Narrow(2, Length, time).Copy_(fresh);
        return store.Narrow(2, 0, Length + time);
    }
}
