using System.Runtime.InteropServices;
using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// A list argument of libtorch's dispatcher. It owns the native list until <see cref="Consume"/> hands it to a call,
/// which frees it together with the tensor handles in it.
/// </summary>
internal sealed class TensorListHandle : SafeHandle
{
    public TensorListHandle(params ReadOnlySpan<torch.Tensor> tensors)
        : base(0, ownsHandle: true)
    {
        LibTorch.Check(LibTorch.NewList((nuint)tensors.Length, out var list), "torch_new_list_reserve_size");
        SetHandle(list);
        foreach (var tensor in tensors)
        {
            LibTorch.Check(LibTorch.NewTensorHandle(tensor.Handle, out var copy), "aoti_torch_new_tensor_handle");
            LibTorch.Check(LibTorch.PushBack(list, (ulong)copy), "torch_list_push_back");
        }
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The list as an argument word; from here on the callee owns it.</summary>
    public ulong Consume()
    {
        var list = handle;
        SetHandleAsInvalid();
        return (ulong)list;
    }

    protected override bool ReleaseHandle() => LibTorch.DeleteList(handle) == 0;
}
