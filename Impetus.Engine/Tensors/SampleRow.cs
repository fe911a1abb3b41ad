namespace Impetus.Engine.Tensors;

/// <summary>
/// How one row of logits becomes a token on the device: temperature, then top_k, top_p and min_p, each on the renormalised
/// survivors, then the inverse of the cumulative distribution at <paramref name="Uniform"/>, over the survivors in falling
/// order (ties by lower id).
/// </summary>
/// <param name="Temperature">0: the largest logit, ties by lower id.</param>
/// <param name="TopK">At most so many survive; 0: off.</param>
/// <param name="TopP">The shortest prefix of at least this mass survives; 1: off.</param>
/// <param name="MinP">Survivors have at least this share of the largest probability; 0: off.</param>
/// <param name="Uniform">In [0, 1), from the request's seed and the position.</param>
public readonly record struct SampleRow(float Temperature, int TopK, float TopP, float MinP, float Uniform);
