namespace CodeParrot.Contract.Spec;

/// <summary>What the model learns to predict.</summary>
public enum Objective
{
    /// <summary>The next token.</summary>
    CausalLm,
}
