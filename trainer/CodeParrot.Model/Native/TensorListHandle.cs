using System.Runtime.InteropServices;
using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// A list argument of libtorch's dispatcher. It owns the native list until <see cref="Consume"/> hands it to a call,
/// which frees it together with the tensor handles in it.
/// </summary>
internal sealed class TensorListHandle : SafeHandle
{
    public TensorListHandle(ReadOnlySpan<torch.Tensor> tensors)
        : this(tensors.Length)
    {
        foreach (var tensor in tensors)
        {
            Add(tensor);
        }
    }

    private TensorListHandle(int capacity)
        : base(0, ownsHandle: true)
    {
        LibTorch.Check(LibTorch.NewList((nuint)capacity, out var list), "torch_new_list_reserve_size");
        SetHandle(list);
    }

    /// <summary>A list that names one tensor several times.</summary>
    public static TensorListHandle Repeat(torch.Tensor tensor, int count)
    {
        var list = new TensorListHandle(count);
        for (var i = 0; i < count; i++)
        {
            list.Add(tensor);
        }

        return list;
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The list as an argument word; from here on the callee owns it.</summary>
    public ulong Consume()
    {
        var list = handle;
        SetHandleAsInvalid();
        return (ulong)list;
    }

    private void Add(torch.Tensor tensor)
    {
        LibTorch.Check(LibTorch.NewTensorHandle(tensor.Handle, out var copy), "aoti_torch_new_tensor_handle");
        LibTorch.Check(LibTorch.PushBack(handle, (ulong)copy), "torch_list_push_back");
    }

    protected override bool ReleaseHandle() => LibTorch.DeleteList(handle) == 0;
}
