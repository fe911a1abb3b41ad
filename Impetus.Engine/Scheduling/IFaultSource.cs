namespace Impetus.Engine.Scheduling;

/// <summary>A model whose steps can fail.</summary>
public interface IFaultSource
{
    /// <summary>A step failed, and all requests of the model ended with an error that says so. Raised on the engine thread: be quick.</summary>
    event Action<StepFault>? Faulted;
}
