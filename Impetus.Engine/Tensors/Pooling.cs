namespace Impetus.Engine.Tensors;

/// <summary>How the vectors of a sequence become one.</summary>
public enum Pooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The first, usually [CLS].</summary>
    First,

    /// <summary>The last.</summary>
    Last,

    /// <summary>Their mean with weights 1, 2, 3 ... by position (SGPT).</summary>
    WeightedMean,

    /// <summary>The largest of each feature.</summary>
    Max,
}
