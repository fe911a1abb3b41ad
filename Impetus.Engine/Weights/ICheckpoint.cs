using System.Diagnostics.CodeAnalysis;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Weights;

/// <summary>The tensors of a model's folder, by name. Thread safe; the tensors live until it is disposed.</summary>
public interface ICheckpoint : IDisposable
{
    /// <summary>All names, in no particular order.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Finds a tensor.</summary>
    bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor);

    /// <summary>Finds a tensor that must be there.</summary>
    /// <exception cref="CheckpointException">It is missing; the message names it.</exception>
    StoredTensor Get(string name);

    /// <summary>
    /// Finds a linear layer or embedding: <c>name.weight</c>, with <c>name.scales</c> and <c>name.biases</c> if it is quantised
    /// (by <c>config.json</c>'s top-level setting or the module's own), and with <c>name.bias</c> if there is one.
    /// </summary>
    /// <param name="name">The module's path without <c>.weight</c>.</param>
    /// <exception cref="CheckpointException">A tensor is missing or its shape does not fit; the message names it.</exception>
    StoredLinear Linear(string name);

    /// <summary>Whether <c>name.weight</c> is there.</summary>
    bool Has(string name);
}
