namespace Impetus.Server.Management;

/// <summary>The use of a model by one request: while it lasts, the model stays in memory unless somebody cancels its requests.</summary>
/// <typeparam name="T">What the model is.</typeparam>
public sealed class ModelLease<T>(T model, Action release) : IDisposable
{
    private Action? _release = release;

    /// <summary>The model.</summary>
    public T Model { get; } = model;

    /// <summary>Ends the use. A second time does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
