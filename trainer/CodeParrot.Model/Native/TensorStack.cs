namespace CodeParrot.Model.Native;

/// <summary>
/// The tensors of a thread that end with a scope, newest last: what <see cref="TensorScope"/> opens and closes. It
/// grows to what the largest step needs and is never given back, so that a step allocates nothing.
/// </summary>
internal sealed class TensorStack
{
    [ThreadStatic]
    private static TensorStack? _ofThread;

    private static long _liveCount;

    private nint[] _handles = new nint[256];
    private int _count;
    private int _floor;
    private int _depth;

    /// <summary>The calling thread's.</summary>
    public static TensorStack OfThread => _ofThread ??= new TensorStack();

    /// <summary>Handles that are held now, on and off the stacks of all threads.</summary>
    public static long LiveCount => Interlocked.Read(ref _liveCount);

    /// <summary>Begins a scope; returns what <see cref="Leave"/> is to be given.</summary>
    public int Enter()
    {
        var outer = _floor;
        _floor = _count;
        _depth++;
        return outer;
    }

    /// <summary>Ends the innermost scope with all its tensors.</summary>
    public void Leave(int outerFloor)
    {
        while (_count > _floor)
        {
            Free(_handles[--_count]);
        }

        _floor = outerFloor;
        _depth--;
    }

    /// <summary>Takes a new handle into the innermost scope.</summary>
    /// <exception cref="InvalidOperationException">None is open: nobody would free it.</exception>
    public void Add(nint handle)
    {
        Interlocked.Increment(ref _liveCount);
        if (_depth == 0)
        {
            Free(handle);
            throw new InvalidOperationException("a tensor was made outside of any scope: open a TensorScope first");
        }

        if (_count == _handles.Length)
        {
            Array.Resize(ref _handles, 2 * _count);
        }

        _handles[_count++] = handle;
    }

    /// <summary>Moves a handle of the innermost scope into the one around it.</summary>
    /// <exception cref="InvalidOperationException">It is not of that scope, or there is none around it.</exception>
    public void MoveOut(nint handle)
    {
        var place = PlaceOf(handle);
        if (place < _floor || _depth < 2)
        {
            throw new InvalidOperationException(
                "only a tensor of the innermost of two scopes can move to the outer one"
            );
        }

        // A scope begins where the one around it ends.
        (_handles[place], _handles[_floor]) = (_handles[_floor], handle);
        _floor++;
    }

    /// <summary>Takes a handle out of its scope; it is the caller's to free.</summary>
    /// <exception cref="InvalidOperationException">It is in no scope of this thread.</exception>
    public void Remove(nint handle)
    {
        var place = PlaceOf(handle);
        if (place < 0)
        {
            throw new InvalidOperationException("the tensor is in no scope of this thread");
        }

        // The place stays empty until the scope ends.
        _handles[place] = 0;
    }

    /// <summary>Frees a handle that is on no stack.</summary>
    public static void Free(nint handle)
    {
        if (handle != 0)
        {
            TorchShim.THSTensor_dispose(handle);
            Interlocked.Decrement(ref _liveCount);
        }
    }

    // Most are among the newest.
    private int PlaceOf(nint handle) => handle == 0 ? -1 : _handles.AsSpan(0, _count).LastIndexOf(handle);
}
