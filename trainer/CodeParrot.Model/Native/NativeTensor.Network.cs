namespace CodeParrot.Model.Native;

// B batch, T time, C channels, H heads, D head size, N rows

/// <summary>Products, a network's functions, and what concerns its backward pass.</summary>
internal readonly unsafe partial struct NativeTensor
{
    /// <summary>The product of two matrices.</summary>
    /// <remarks>
    /// Not <c>THSTensor_matmul</c>, which catches nothing: the process ends where it fails, for want of memory too.
    /// </remarks>
    public NativeTensor MatMul(NativeTensor other) => Own(TorchShim.THSTensor_mm(Handle, other.Handle));

    /// <summary>The product of two matrices plus a bias.</summary>
    public static NativeTensor AddMm(NativeTensor bias, NativeTensor left, NativeTensor right) =>
        Own(TorchShim.THSTensor_addmm(bias.Handle, left.Handle, right.Handle, beta: 1, alpha: 1));

    /// <summary>
    /// <paramref name="beta"/> times itself plus <paramref name="alpha"/> times the product of two matrices. With beta
    /// 0 the product takes the place of what was there, even of NaN.
    /// </summary>
    public NativeTensor AddMm_(NativeTensor left, NativeTensor right, float beta, float alpha)
    {
        TorchShim.THSTensor_addmm_(Handle, left.Handle, right.Handle, beta, alpha);
        return Done();
    }

    /// <summary>LayerNorm over the last dimension, of a width.</summary>
    public NativeTensor LayerNorm(long width, NativeTensor weight, NativeTensor bias, double epsilon) =>
        Own(TorchShim.THSNN_layer_norm(Handle, &width, 1, weight.Handle, bias.Handle, epsilon));

    /// <summary>GELU by its approximation with tanh, as GPT-2 has it.</summary>
    public NativeTensor GeluTanh()
    {
        fixed (byte* approximation = "tanh"u8)
        {
            return Own(TorchShim.THSTensor_gelu_with_approximate(Handle, approximation));
        }
    }

    /// <summary>Drops values with a probability and raises the others, drawing from torch's generator.</summary>
    public NativeTensor Dropout(double probability) =>
        Own(TorchShim.THSNN_dropout(Handle, probability, training: Yes, inplace: No));

    /// <summary>Attention with torch's own scale, 1 / sqrt(D).</summary>
    /// <param name="q_BHTD">Queries.</param>
    /// <param name="k_BHTD">Keys.</param>
    /// <param name="v_BHTD">Values.</param>
    /// <param name="dropout">Probability of dropping a weight.</param>
    /// <param name="isCausal">Whether a position sees none after it.</param>
    public static NativeTensor Attention(
        NativeTensor q_BHTD,
        NativeTensor k_BHTD,
        NativeTensor v_BHTD,
        double dropout,
        bool isCausal
    ) =>
        Own(
            TorchShim.THSNN_scaled_dot_product_attention(
                q_BHTD.Handle,
                k_BHTD.Handle,
                v_BHTD.Handle,
                attention_mask: 0,
                dropout,
                isCausal ? Yes : No
            )
        );

    /// <summary>The gradient that a backward pass has left, in the innermost scope.</summary>
    /// <exception cref="LibTorchException">There is none.</exception>
    public NativeTensor Gradient => Own(TorchShim.THSTensor_grad(Handle));

    /// <summary>A leaf of a graph: backward passes leave its gradient.</summary>
    public NativeTensor RequireGradient()
    {
        TorchShim.THSTensor_set_requires_grad(Handle, Yes);
        return Done();
    }

    /// <summary>Makes a tensor the place that backward passes add its gradient to.</summary>
    public void SetGradient(NativeTensor gradient)
    {
        TorchShim.THSTensor_set_grad(Handle, gradient.Handle);
        TorchErrors.ThrowIfAny(nameof(SetGradient));
    }

    /// <summary>Runs its graph backwards, to all leaves, and frees it.</summary>
    /// <param name="gradient">Of the loss by this tensor.</param>
    public void Backward(NativeTensor gradient)
    {
        var (output, outputGradient) = (Handle, gradient.Handle);
        TorchShim.THSAutograd_backward(&output, 1, &outputGradient, 1, No, No, null, 0);
        TorchErrors.ThrowIfAny(nameof(Backward));
    }
}
