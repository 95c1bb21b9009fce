using static TorchSharp.torch;

namespace CodeParrot.Model.Generation;

// B batch, T time, H heads, D head size

/// <summary>
/// Keys and values of all tokens seen so far, one pair of tensors [B, H, capacity, D] per block, allocated once. A pass
/// appends to each block in turn and then calls <see cref="Advance"/>.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    private readonly Gpt2Config _config;

    public KeyValueCache(Gpt2Config config, int batch, int capacity, Device device)
    {
        _config = config;
        Capacity = capacity;
        Tensor New() =>
            empty([batch, config.Heads, capacity, config.HeadSize], ScalarType.Float32, device)
                .DetachFromDisposeScope();
        _keys = Enumerable.Range(0, config.Layers).Select(_ => New()).ToArray();
        _values = Enumerable.Range(0, config.Layers).Select(_ => New()).ToArray();
    }

    /// <summary>Number of tokens in the cache.</summary>
    public int Length { get; private set; }

    /// <summary>Largest number of tokens it holds.</summary>
    public int Capacity { get; }

    /// <summary>
    /// Writes the new keys and values behind the old ones, and returns views of all: [B, H, length + T, D].
    /// </summary>
    public (Tensor Keys_BHTD, Tensor Values_BHTD) Append(int layer, Tensor keys_BHTD, Tensor values_BHTD)
    {
        var time = keys_BHTD.shape[2];
        System.Diagnostics.Debug.Assert(time == 1 || Length == 0, "a longer piece needs a mask of its own");
        return (Append(_keys[layer], keys_BHTD, time), Append(_values[layer], values_BHTD, time));
    }

    /// <summary>Counts the tokens that every block has appended.</summary>
    public void Advance(int time) => Length += time;

    /// <summary>Forgets all tokens, and starts every row with what one row of another cache holds.</summary>
    public void CopyFrom(KeyValueCache single)
    {
        Length = single.Length;
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            using var scope = NewDisposeScope();
            _keys[layer].narrow(2, 0, Length).copy_(single._keys[layer].narrow(2, 0, Length));
            _values[layer].narrow(2, 0, Length).copy_(single._values[layer].narrow(2, 0, Length));
        }
    }

    /// <summary>A cache of the same capacity with some of the rows, in this order; the caller disposes it.</summary>
    public KeyValueCache Rows(IReadOnlyList<int> rows)
    {
        var device = _keys[0].device;
        var some = new KeyValueCache(_config, rows.Count, Capacity, device) { Length = Length };
        using var scope = NewDisposeScope();
        var rows_B = tensor(rows.Select(row => (long)row).ToArray(), device: device);
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            using var inner = NewDisposeScope();
            some._keys[layer].narrow(2, 0, Length).copy_(_keys[layer].narrow(2, 0, Length).index_select(0, rows_B));
            some._values[layer].narrow(2, 0, Length).copy_(_values[layer].narrow(2, 0, Length).index_select(0, rows_B));
        }

        return some;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
        {
            tensor.Dispose();
        }
    }

    private Tensor Append(Tensor store, Tensor fresh, long time)
    {
        using var destination = store.narrow(2, Length, time);
        destination.copy_(fresh);
        return store.narrow(2, 0, Length + time);
    }
}
